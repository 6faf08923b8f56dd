import Foundation

/// Whether two ways to train differ, judged by runs that go in pairs, such as those of the same seed. All tests are two-sided.
package struct PairedTest: Equatable, Sendable {
  /// Which test it is.
  package enum Method: String, Sendable, CaseIterable {
    /// Student's paired t test: the mean difference against its spread, which should be about normal.
    case t
    /// Wilcoxon's signed ranks (1945): the order of the differences, whatever their distribution.
    case wilcoxon
  }

  package let method: Method
  /// t, or the smaller one of the two sums of ranks.
  package let statistic: Double
  /// How likely a difference at least as large is if there is none.
  package let p: Double
  /// The pairs that were looked at; for Wilcoxon's test without those that do not differ.
  package let count: Int
  /// No outcome of so many pairs could have had a smaller p: when it is above the wanted level, there are too few pairs to show
  /// anything, whatever the difference.
  package let leastPossible: Double

  /// Holm's correction of several p (1979): the smallest times their number, the next times one less, none below one before it or above 1.
  package static func corrected(_ p: [Double]) -> [Double] {
    var (result, highest) = (p, 0.0)
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      highest = max(highest, min(1, Double(p.count - rank) * p[index]))
      result[index] = highest
    }
    return result
  }

  /// Student's paired t test of `a` against `b`, `t` being positive where `a` is larger. Nil below two pairs, when all
  /// differences are equal (they have no spread to compare with), and when one is not finite or too large to add up.
  package static func t(_ a: [Double], _ b: [Double]) -> PairedTest? {
    guard let differences = Sample(differences(a, b)), let deviation = differences.standardDeviation, deviation > 0,
      deviation.isFinite, differences.mean.isFinite
    else { return nil }
    let t = differences.mean / (deviation / Double(differences.count).squareRoot())
    let p = StudentT(degreesOfFreedom: Double(differences.count - 1)).p(twoSided: t)
    return PairedTest(method: .t, statistic: t, p: p, count: differences.count, leastPossible: 0)
  }

  /// Wilcoxon's test of `a` against `b`. Pairs that do not differ are left out. Nil when none is left, and when one is not finite.
  ///
  /// p is exact up to 50 pairs without ties and up to 13 with ties or equal pairs, else from the normal distribution without
  /// correction for continuity: as `scipy.stats.wilcoxon` of SciPy 1.17 decides by default.
  package static func wilcoxon(_ a: [Double], _ b: [Double]) -> PairedTest? {
    guard let differences = Sample(differences(a, b)), let ranks = SignedRanks(differences.values) else { return nil }
    let isPlain = !ranks.hasTies && ranks.count == differences.count
    let isExact = differences.count <= (isPlain ? largestExact : largestExactWithTies)
    let p = { isExact ? ranks.exactP($0) : ranks.normalP($0) }
    return PairedTest(
      method: .wilcoxon, statistic: min(ranks.positive, ranks.total - ranks.positive), p: p(ranks.positive), count: ranks.count,
      leastPossible: p(0))
  }

  private static let largestExact = 50
  private static let largestExactWithTies = 13

  private static func differences(_ a: [Double], _ b: [Double]) -> [Double] {
    precondition(a.count == b.count, "pairs of \(a.count) and \(b.count) values")
    return zip(a, b).map { $0 - $1 }
  }
}
