import Basics
import Runs

/// Runs side by side: what they were given and what came out.
///
///     let columns = ColumnIndex(runs)
///     let values = [[36.8], [41.7]]               // of each run a number for each metric
///     var table = ComparisonTable(runs, columns: columns, metrics: ["swd_mean"], values: values, isGrouped: true)
///     table.keep(try Filter("metrics.swd_mean < 50", columns: columns))
///     table.sort(by: .metric("swd_mean"), isDescending: false)
package struct ComparisonTable: Sendable {
  package let columns: ColumnIndex
  /// Whether a row stands for all repeats of a run.
  package let isGrouped: Bool
  package private(set) var rows: [ComparisonRow]
  /// Runs that repeat a seed of their row and do not count.
  package let repeated: [ComparedRun]

  /// Where each metric that was read is in the values of a row.
  private let places: [String: Int]

  /// A row for each of `runs`, or for each group of repeats.
  /// - Parameters:
  ///   - metrics: the metrics that were read
  ///   - values: for each run a number for each of `metrics`
  package init(_ runs: [ComparedRun], columns: ColumnIndex, metrics: [String], values: [[Double?]], isGrouped: Bool) {
    self.columns = columns
    self.isGrouped = isGrouped
    places = Dictionary(metrics.enumerated().map { ($0.element, $0.offset) }) { earlier, _ in earlier }
    guard isGrouped else {
      rows = runs.indices.map { ComparisonRow(runs: [runs[$0]], values: [values[$0]]) }
      repeated = []
      return
    }
    let (groups, repeated) = RunGroup.groups(runs)
    rows = groups.map { group in
      ComparisonRow(runs: group.members.map { runs[$0] }, values: group.members.map { values[$0] })
    }
    self.repeated = repeated.map { runs[$0] }
  }

  /// Whether users expect repeats of these runs to be one row: all are trials of sweeps, and some differ in their seed alone.
  package static func isBestGrouped(_ runs: [ComparedRun]) -> Bool {
    runs.allSatisfy { $0.manifest.sweep != nil } && RunGroup.groups(runs).groups.contains { $0.members.count > 1 }
  }

  /// The cell of `row` under `column`; of repeats, the mean.
  package func cell(_ row: ComparisonRow, _ column: ColumnName) -> Cell {
    switch column {
    case .seconds: Cell(row.seconds)
    case .metric(let name): Cell(place(name).flatMap { row.mean($0) })
    case .setting: row.spelling(column).map(Cell.init(setting:)) ?? .empty
    default: row.spelling(column).map { $0.isEmpty ? .empty : .text($0) } ?? .empty
    }
  }

  /// Where a metric is in the values of a row; nil when it was not read.
  func place(_ metric: String) -> Int? { places[metric] }

  /// How many sets of images the runs of the rows were trained on, as far as they say.
  package var imageSets: Int { Set(rows.flatMap { $0.runs.compactMap(\.manifest.datasetHash) }).count }

  /// Leaves the rows for which `filter` holds.
  package mutating func keep(_ filter: Filter) {
    rows = rows.filter { row in filter.holds { cell(row, $0) } }
  }

  /// Sorts by a column; what has no number there comes last, and equals stay in their order.
  package mutating func sort(by column: ColumnName, isDescending: Bool) {
    let keyed = rows.map { (row: $0, cell: cell($0, column)) }
    let order = keyed.indices.sorted { a, b in
      if keyed[a].cell.isBefore(keyed[b].cell, isDescending: isDescending) { return true }
      return !keyed[b].cell.isBefore(keyed[a].cell, isDescending: isDescending) && a < b
    }
    rows = order.map { keyed[$0].row }
  }

  /// Leaves the first `count` rows.
  package mutating func top(_ count: Int) { rows = Array(rows.prefix(count)) }

  /// The row that the run of this name belongs to; nil when it is in none.
  package func row(with name: String) -> ComparisonRow? {
    rows.first { $0.runs.contains { $0.name == name } }
  }
}
