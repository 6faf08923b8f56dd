import Spec

/// The row that others are compared with.
package struct Reference: Sendable {
  package let row: ComparisonRow
  package let method: PairedTest.Method
  /// By metric and the first run of a row: p after Holm's correction. Nil where each p stands for itself.
  private let corrected: [Int: [String: Double]]?

  /// The row to compare with, and by which test.
  package init(_ row: ComparisonRow, _ method: PairedTest.Method) {
    (self.row, self.method, corrected) = (row, method, nil)
  }

  /// The baseline of an ablation, of which `table` has a row for each change; nil when it is not among them. For each metric the p of all
  /// rows are corrected together.
  package init?(baselineOf table: ComparisonTable, _ method: PairedTest.Method) {
    guard let row = table.rows.first(where: { $0.change == SweepSpec.baseline }) else { return nil }
    let plain = Reference(row, method)
    (self.row, self.method) = (row, method)
    corrected = Dictionary(
      uniqueKeysWithValues: row.values[0].indices.map { metric in
        let tested = table.rows.compactMap { row -> (String, Double)? in
          guard let difference = plain.difference(of: row, metric: metric), difference.shortfall == nil else { return nil }
          return difference.test.map { (row.first.directory.path, $0.p) }
        }
        let values = zip(tested.map(\.0), Holm.corrected(tested.map(\.1)))
        return (metric, Dictionary(values) { earlier, _ in earlier })
      })
  }

  /// Whether p are corrected for their number.
  package var isCorrected: Bool { corrected != nil }

  /// How `row` differs in a metric; nil for the reference itself.
  package func difference(of row: ComparisonRow, metric: Int) -> PairedDifference? {
    row.first.directory == self.row.first.directory ? nil : PairedDifference(row, from: self.row, metric: metric, method)
  }

  /// How likely a difference like that of `row` is if there is none, after the correction if there is one; nil when nothing was tested.
  package func p(of row: ComparisonRow, metric: Int) -> Double? {
    if let corrected { return corrected[metric]?[row.first.directory.path] }
    guard let difference = difference(of: row, metric: metric), difference.shortfall == nil else { return nil }
    return difference.test?.p
  }
}

extension ComparisonRow {
  /// The name of the change that all of its runs are trials of; nil when they are of no ablation.
  package var change: String? { common { $0.settings[SweepSpec.changePath] } }
}
