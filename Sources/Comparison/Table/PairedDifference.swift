/// How a metric of one row differs from that of another, by runs of the same seed.
package struct PairedDifference: Sendable {
  /// The p below which a difference is usually called significant.
  private static let level = 0.05

  /// How many seeds both rows have a value for.
  package let pairs: Int
  /// The first row's value less the second's, for each pair; nil without pairs, and when a value is not finite.
  package let differences: Sample?
  /// Nil when there is nothing to test: see ``shortfall``.
  package let test: PairedTest?
  private let method: PairedTest.Method

  /// The difference of `row` from `reference` in the metric at a place of both rows' values.
  init(_ row: ComparisonRow, from reference: ComparisonRow, metric: Int, _ method: PairedTest.Method) {
    let others = Dictionary(reference.measured(metric)) { earlier, _ in earlier }
    let both = row.measured(metric).compactMap { seed, value in others[seed].map { (value, $0) } }
    let (a, b) = (both.map(\.0), both.map(\.1))
    self.method = method
    pairs = both.count
    differences = Sample(zip(a, b).map { $0 - $1 })
    test = method == .t ? PairedTest.t(a, b) : PairedTest.wilcoxon(a, b)
  }

  /// Why the test has no answer, in words; nil when it has one.
  package var shortfall: String? {
    let count = pairs == 1 ? "1 pair" : "\(pairs) pairs"
    if pairs > 0, differences == nil { return "a value is not finite" }
    switch method {
    case .t where pairs < 2: return "too few seeds (\(count); the t test needs 2)"
    case .t: return test == nil ? "all differences are equal (\(count))" : nil
    case .wilcoxon:
      let needed = Self.pairsForWilcoxon
      if pairs < needed { return "too few seeds (\(count); Wilcoxon needs \(needed) for p < \(Self.level))" }
      guard let test else { return "no pair differs (\(count))" }
      return test.leastPossible < Self.level ? nil : "too few pairs that differ (\(test.count); Wilcoxon needs \(needed))"
    }
  }

  /// The fewest pairs of which the most extreme outcome is below the level: each sign has half the chance, on two sides.
  private static var pairsForWilcoxon: Int {
    var pairs = 1
    while 2 / Double(1 << pairs) >= level { pairs += 1 }
    return pairs
  }
}

/// The row that others are compared with.
package struct Reference: Sendable {
  package let row: ComparisonRow
  package let method: PairedTest.Method
  /// Whether the p of all rows are corrected for their number (Holm 1979).
  package let corrects: Bool

  /// The row to compare with, and by which test.
  package init(_ row: ComparisonRow, _ method: PairedTest.Method, corrects: Bool = false) {
    (self.row, self.method, self.corrects) = (row, method, corrects)
  }

  /// How `row` differs in a metric; nil for the reference itself.
  func difference(of row: ComparisonRow, metric: Int) -> PairedDifference? {
    row.first.directory == self.row.first.directory ? nil : PairedDifference(row, from: self.row, metric: metric, method)
  }
}
