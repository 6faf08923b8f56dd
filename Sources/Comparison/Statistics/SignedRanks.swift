import Foundation

/// The ranks of differences by their size, as Wilcoxon's test looks at them: equal ones share the mean of their ranks.
struct SignedRanks {
  /// Differences that are not 0.
  let count: Int
  /// The sum of the ranks of differences above 0.
  let positive: Double
  let hasTies: Bool
  /// Twice each rank: a whole number, also where two share one.
  private let doubledRanks: [Int]
  /// The sum of t³ - t over groups of t equal ones.
  private let tieTerm: Double

  /// The ranks of those of `differences` that are not 0; nil when all are.
  init?(_ differences: [Double]) {
    let sorted = differences.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    guard !sorted.isEmpty else { return nil }
    var (ranks, positive, ties) = ([Int](), 0.0, 0.0)
    while ranks.count < sorted.count {
      let start = ranks.count
      let group = sorted[start...].prefix { abs($0) == abs(sorted[start]) }
      let doubled = 2 * start + group.count + 1
      ranks += group.map { _ in doubled }
      positive += Double(doubled) / 2 * Double(group.count { $0 > 0 })
      ties += Double(group.count * group.count * group.count - group.count)
    }
    count = sorted.count
    self.positive = positive
    doubledRanks = ranks
    (hasTies, tieTerm) = (ties > 0, ties)
  }

  /// The sum of all ranks.
  var total: Double { Double(count * (count + 1)) / 2 }

  /// How likely a sum of positive ranks is that lies as far out as `sum`, over all choices of signs. A choice is counted by adding
  /// the ranks one at a time; counts are whole and exact in `Double` up to 52 ranks.
  func exactP(_ sum: Double) -> Double {
    var ways = [1.0]
    for rank in doubledRanks {
      ways += [Double](repeating: 0, count: rank)
      for place in stride(from: ways.count - 1, through: rank, by: -1) { ways[place] += ways[place - rank] }
    }
    let place = Int((2 * sum).rounded())
    let choices = ways.reduce(0, +)
    return min(1, 2 * min(ways[...place].reduce(0, +), ways[place...].reduce(0, +)) / choices)
  }

  /// The same by the normal distribution of equal mean and variance, the variance corrected for ties.
  func normalP(_ sum: Double) -> Double {
    let n = Double(count)
    let variance = (n * (n + 1) * (2 * n + 1) - tieTerm / 2) / 24
    return erfc(abs(sum - total / 2) / (2 * variance).squareRoot())
  }
}
