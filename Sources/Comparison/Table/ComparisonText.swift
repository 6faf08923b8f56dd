import Basics
import Foundation
import Spec

/// A comparison for people: an aligned table, and below it what must be known to read it.
package struct ComparisonText: Sendable {
  /// The table.
  package let table: Table
  /// Its lines.
  package var lines: String { table.text }
  /// What must be known to read it, a sentence each.
  package private(set) var notes: [String] = []

  /// The rows of `table` under `columns`, in at most `width` characters if that is given. What `sweep` says matters goes last, and what
  /// `measures` say of drawn images.
  package init(
    _ table: ComparisonTable, columns: [ColumnName], reference: Reference? = nil, sweep: SweepFacts? = nil,
    measures: [MeasureColumn] = [], width: Int? = nil
  ) {
    let answers = Set([sweep?.metric].compactMap(\.self) + measures.filter(\.isAnswer).map(\.name))
    var shown = columns.flatMap { Self.shown($0, table, reference, sweep, answers) }
    if table.isGrouped {
      let seeds = table.rows.map { String($0.runs.count) }
      // Behind the name where that comes first, else behind the settings.
      let place = columns.first == .run ? 1 : columns.prefix { if case .setting = $0 { true } else { false } }.count
      shown.insert(ShownColumn("seeds", title: "SEEDS", .right, seeds, weight: .answer), at: min(place, shown.count))
    }
    if let width { notes = shown.fit(width) }
    var lines = Table(shown.map { Table.Column($0.title, $0.alignment) })
    for row in table.rows.indices { lines.append(shown.map { $0.cells[row] }) }
    self.table = lines
    notes += Self.spreadNotes(table)
    if let reference { notes += Self.differenceNotes(table, reference, columns) }
  }

  private static func shown(
    _ column: ColumnName, _ table: ComparisonTable, _ reference: Reference?, _ sweep: SweepFacts?, _ answers: Set<String>
  ) -> [ShownColumn] {
    let (name, title) = (column.description, column.short.uppercased())
    switch column {
    case .seconds:
      return [
        ShownColumn(name, title: title, .right, table.rows.map { $0.seconds.map { number($0) } ?? "" }, weight: .circumstance)
      ]
    case .metric(let metric):
      let place = table.place(metric)
      func cells(hasInterval: Bool) -> [String] {
        table.rows.map { row in place.map { value(row, $0, isGrouped: table.isGrouped, hasInterval: hasInterval) } ?? "" }
      }
      // The objective and measures of quality answer which run is better; a loss is what one iteration measured.
      let weight: ShownColumn.Weight = answers.contains(metric) ? .answer : metric.hasPrefix("loss.") ? .loss : .measure
      let short = table.isGrouped ? cells(hasInterval: false) : nil
      let shown = ShownColumn(name, title: title, .right, cells(hasInterval: true), short: short, weight: weight)
      guard let reference, let place else { return [shown] }
      return [shown]
        + difference(metric, table.rows.map { reference.difference(of: $0, metric: place) }, weight, corrects: reference.corrects)
    case .setting(let path):
      let texts = table.rows.map { ($0.spelling(column) ?? "").shortened }
      let isNumeric = texts.allSatisfy { if case .text = Cell(setting: $0) { false } else { true } }
      let weight: ShownColumn.Weight = sweep?.isSwept(path) ?? true ? .answer : .setting
      return [ShownColumn(name, title: title, isNumeric ? .right : .left, texts, weight: weight)]
    default:
      let texts = table.rows.map { ($0.spelling(column) ?? "").prefixed }
      return [ShownColumn(name, title: title, .left, texts, weight: column == .run ? .name : .circumstance)]
    }
  }

  private static func difference(
    _ name: String, _ differences: [PairedDifference?], _ weight: ShownColumn.Weight, corrects: Bool
  ) -> [ShownColumn] {
    func cells(hasInterval: Bool) -> [String] {
      differences.map { difference in
        guard let sample = difference?.differences else { return "" }
        return number(sample.mean) + (hasInterval ? sample.interval95.map(interval) ?? "" : "")
      }
    }
    let known = differences.indices.filter { differences[$0]?.shortfall == nil && differences[$0]?.test != nil }
    var values = known.map { differences[$0]!.test!.p }
    if corrects { values = PairedTest.corrected(values) }
    let found = Dictionary(uniqueKeysWithValues: zip(known, values))
    let p = differences.indices.map { index in
      found[index].map { String(format: "%.2g", $0) } ?? (differences[index]?.shortfall == nil ? "" : "-")
    }
    return [
      ShownColumn(
        "the difference in \(name)", title: "DIFFERENCE", .right, cells(hasInterval: true), short: cells(hasInterval: false),
        weight: weight),
      ShownColumn("its p", title: "P", .right, p, weight: weight),
    ]
  }

  /// `12.31 ± 0.52 [11.1, 13.5]`
  private static func value(_ row: ComparisonRow, _ metric: Int, isGrouped: Bool, hasInterval: Bool) -> String {
    guard let mean = row.mean(metric) else { return "" }
    guard isGrouped, let sample = row.sample(metric), let deviation = sample.standardDeviation else { return number(mean) }
    let count = sample.count < row.runs.count ? " n=\(sample.count)" : ""
    return number(mean) + " ± " + number(deviation, digits: 2) + (hasInterval ? sample.interval95.map(interval) ?? "" : "") + count
  }

  private static func interval(_ range: ClosedRange<Double>) -> String {
    " [\(number(range.lowerBound)), \(number(range.upperBound))]"
  }

  /// `value` with `digits` significant digits, and with an exponent only where all digits before the point would be too many.
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
    let title = RowTitles(columns)
    let correction = reference.corrects ? ", corrected for the number of rows (Holm)" : ""
    var notes = [
      "differences from \(title[reference.row]) by equal seeds, with the 95% interval of the mean; p of \(test)" + correction
    ]
    var (shortfalls, count) = ([(row: String, metric: String, text: String)](), 0)
    for case .metric(let metric) in columns {
      guard let place = table.place(metric) else { continue }
      for row in table.rows {
        guard let difference = reference.difference(of: row, metric: place) else { continue }
        count += 1
        if let text = difference.shortfall { shortfalls.append((title[row], metric, text)) }
      }
    }
    if let first = shortfalls.first, shortfalls.count == count, shortfalls.allSatisfy({ $0.text == first.text }) {
      return notes + [first.text]
    }
    notes += shortfalls.map { "\($0.metric) of \($0.row): \($0.text)" }
    return notes
  }
}

/// What rows are called in a sentence: by their settings, and by the name that can be typed.
private struct RowTitles {
  /// More settings than this are no name.
  private static let mostSettings = 4

  private let paths: [String]
  private let names: ShortNames

  init(_ columns: [ColumnName]) {
    paths = columns.compactMap { if case .setting(let path) = $0, path != "seed" { path } else { nil } }
    names = ShortNames(paths)
  }

  subscript(row: ComparisonRow) -> String {
    guard !paths.isEmpty else { return row.first.name }
    let values = paths.prefix(Self.mostSettings).map { (path: $0, value: row.spelling(.setting($0))?.shortened) }
    return "\(names.title(values)) (\(row.first.name))"
  }
}

extension String {
  /// A text short enough for a table: names whole, labels cut, times without seconds.
  fileprivate var prefixed: String { unicodeScalars.count > 64 ? shortened : self }
}
