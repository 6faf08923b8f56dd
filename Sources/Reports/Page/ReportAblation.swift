import Comparison

/// How the changes of an ablation differ from its baseline.
struct ReportAblation {
  private let table: ComparisonTable
  let reference: Reference

  /// The trials `runs` of an ablation with what they measured of `metrics`; nil when the baseline is not among them.
  init?(_ runs: [Measured], _ columns: ColumnIndex, _ metrics: [String]) {
    let values = runs.map { run in metrics.map { run.last[$0] } }
    table = ComparisonTable(runs.map(\.run), columns: columns, metrics: metrics, values: values, isGrouped: true)
    guard let reference = Reference(baselineOf: table, .t) else { return nil }
    self.reference = reference
  }

  /// How `group` differs from the baseline in `metric`, and the p of that after the correction; nil for the baseline itself.
  func difference(of group: ReportGroup, _ metric: String) -> (difference: PairedDifference, p: Double?)? {
    guard let place = table.place(metric), let row = table.row(with: group.first.name),
      let difference = reference.difference(of: row, metric: place)
    else { return nil }
    return (difference, reference.p(of: row, metric: place))
  }
}
