import Basics
import Foundation

/// A comparison for people: an aligned table, and below it what must be known to read it.
package struct ComparisonText: Sendable {
  /// One column as it is shown.
  private struct Shown {
    let name: String
    var title: String
    let alignment: Table.Alignment
    let cells: [String]
    /// Columns of settings are given up first when the terminal is too narrow, then those of metrics; 0 never goes.
    let rank: Int

    var width: Int { ([title] + cells).map(\.printable.count).max() ?? 0 }
  }

  /// The metrics that are shown unless others are asked for.
  package static let metrics = ["loss.generator", "loss.discriminator", "swd_mean", "ms_ssim"]

  /// The table's lines.
  package let lines: String
  /// What must be known to read it, a sentence each.
  package private(set) var notes: [String] = []

  /// The rows of `table` under `columns`, in at most `width` characters if that is given.
  package init(_ table: ComparisonTable, columns: [ColumnName], reference: Reference? = nil, width: Int? = nil) {
    var shown = columns.flatMap { Self.shown($0, table, reference) }
    if table.isGrouped {
      let seeds = table.rows.map { String($0.runs.count) }
      shown.insert(Shown(name: "seeds", title: "SEEDS", alignment: .right, cells: seeds, rank: 0), at: min(1, shown.count))
    }
    if let width, Self.width(shown) > width { Self.shorten(&shown) }
    var hidden: [String] = []
    while let width, Self.width(shown) > width,
      let least = shown.indices.last(where: { $0 > 0 && shown[$0].rank == shown.map(\.rank).max() && shown[$0].rank > 0 })
    {
      hidden.insert(shown[least].name, at: 0)
      shown.remove(at: least)
    }
    var lines = Table(shown.map { Table.Column($0.title, $0.alignment) })
    for row in table.rows.indices { lines.append(shown.map { $0.cells[row] }) }
    self.lines = lines.text
    if !hidden.isEmpty {
      notes.append("too wide for this terminal: \(hidden.joined(separator: ", ")); choose with --columns, or write --csv")
    }
    notes += Self.spreadNotes(table)
    if let reference { notes += Self.differenceNotes(table, reference, columns) }
  }

  private static func width(_ shown: [Shown]) -> Int { shown.reduce(-2) { $0 + $1.width + 2 } }

  /// Leaves of each setting's title the last steps that no other column ends with: `WEIGHT`.
  private static func shorten(_ shown: inout [Shown]) {
    let titles = shown.map(\.title)
    for index in shown.indices where shown[index].rank == 2 {
      let steps = titles[index].split(separator: ".")
      let endings = steps.indices.reversed().map { steps[$0...].joined(separator: ".") }
      shown[index].title =
        endings.first { ending in !titles.indices.contains { $0 != index && ("." + titles[$0]).hasSuffix("." + ending) } }
        ?? titles[index]
    }
  }

  private static func shown(_ column: ColumnName, _ table: ComparisonTable, _ reference: Reference?) -> [Shown] {
    let title = column.short.uppercased()
    func shown(_ alignment: Table.Alignment, rank: Int, _ cell: (ComparisonRow) -> String) -> Shown {
      Shown(name: column.description, title: title, alignment: alignment, cells: table.rows.map(cell), rank: rank)
    }
    switch column {
    case .seconds: return [shown(.right, rank: 1) { $0.seconds.map { number($0) } ?? "" }]
    case .metric(let name):
      let metric = shown(.right, rank: 1) { row in table.place(name).map { value(row, $0, isGrouped: table.isGrouped) } ?? "" }
      guard let reference, let place = table.place(name) else { return [metric] }
      return [metric] + difference(name, table.rows.map { reference.difference(of: $0, metric: place) })
    case .setting:
      let texts = table.rows.map { ($0.spelling(column) ?? "").shortened }
      let isNumeric = texts.allSatisfy { if case .text = Cell(setting: $0) { false } else { true } }
      let alignment: Table.Alignment = isNumeric ? .right : .left
      return [Shown(name: column.description, title: title, alignment: alignment, cells: texts, rank: 2)]
    default: return [shown(.left, rank: column == .run ? 0 : 1) { ($0.spelling(column) ?? "").prefixed }]
    }
  }

  private static func difference(_ name: String, _ differences: [PairedDifference?]) -> [Shown] {
    let cells = differences.map { difference in
      guard let sample = difference?.differences else { return "" }
      return number(sample.mean) + (sample.interval95.map(interval) ?? "")
    }
    let p = differences.map { $0?.shortfall == nil ? $0?.test.map { String(format: "%.2g", $0.p) } ?? "" : "-" }
    return [
      Shown(name: "the difference in \(name)", title: "DIFFERENCE", alignment: .right, cells: cells, rank: 1),
      Shown(name: "its p", title: "P", alignment: .right, cells: p, rank: 1),
    ]
  }

  /// `12.31 ± 0.52 [11.1, 13.5]`
  private static func value(_ row: ComparisonRow, _ metric: Int, isGrouped: Bool) -> String {
    guard let mean = row.mean(metric) else { return "" }
    guard isGrouped, let sample = row.sample(metric), let deviation = sample.standardDeviation else { return number(mean) }
    let count = sample.count < row.runs.count ? " n=\(sample.count)" : ""
    return number(mean) + " ± " + number(deviation, digits: 2) + (sample.interval95.map(interval) ?? "") + count
  }

  private static func interval(_ range: ClosedRange<Double>) -> String {
    " [\(number(range.lowerBound)), \(number(range.upperBound))]"
  }

  /// `value` with so many significant digits, and with an exponent only where all digits before the point would be too many.
  private static func number(_ value: Double, digits: Int = 4) -> String {
    let isWhole = abs(value) < 1e6 && abs(value) >= pow(10, Double(digits)) - 0.5
    return isWhole ? String(format: "%.0f", value) : String(format: "%.*g", digits, value)
  }

  private static func spreadNotes(_ table: ComparisonTable) -> [String] {
    guard table.isGrouped, !table.rows.isEmpty else { return [] }
    let single = table.rows.count { $0.runs.count == 1 }
    if single == table.rows.count { return ["1 seed: no interval"] }
    let meaning = "mean ± standard deviation over seeds, and the 95% interval of the mean"
    return [meaning] + (single == 0 ? [] : ["\(single) of \(table.rows.count) rows have 1 seed: no interval"])
  }

  private static func differenceNotes(_ table: ComparisonTable, _ reference: Reference, _ columns: [ColumnName]) -> [String] {
    let test = reference.method == .t ? "the paired t test" : "Wilcoxon's signed-rank test"
    var notes = ["differences from \(reference.row.first.name) by equal seeds, with the 95% interval of the mean; p of \(test)"]
    var (shortfalls, count) = ([(row: String, metric: String, text: String)](), 0)
    for case .metric(let metric) in columns {
      guard let place = table.place(metric) else { continue }
      for row in table.rows {
        guard let difference = reference.difference(of: row, metric: place) else { continue }
        count += 1
        if let text = difference.shortfall { shortfalls.append((row.first.name, metric, text)) }
      }
    }
    if let first = shortfalls.first, shortfalls.count == count, shortfalls.allSatisfy({ $0.text == first.text }) {
      return notes + [first.text]
    }
    notes += shortfalls.map { "\($0.metric) of \($0.row): \($0.text)" }
    return notes
  }
}

extension String {
  /// A text short enough for a table: names whole, labels cut, times without seconds.
  fileprivate var prefixed: String { unicodeScalars.count > 64 ? shortened : self }
}
