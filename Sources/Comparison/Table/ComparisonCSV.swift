import Basics

/// A comparison as CSV: `run,status,label,started,seconds`, then settings, then metrics.
package struct ComparisonCSV: Sendable {
  private let table: ComparisonTable
  private let columns: [ColumnName]
  private let reference: Reference?
  private let isForTerminal: Bool

  /// The rows of `table` under these columns, after those that every comparison has.
  /// - Parameter isForTerminal: whether control characters are escaped, which a file gets as they are.
  package init(_ table: ComparisonTable, columns: [ColumnName], reference: Reference? = nil, isForTerminal: Bool = false) {
    let others = columns.filter { !ColumnName.fixed.contains($0) }
    let settings = others.filter { if case .setting = $0 { true } else { false } }
    self.columns = ColumnName.fixed + settings + others.filter { !settings.contains($0) }
    self.table = table
    self.reference = reference
    self.isForTerminal = isForTerminal
  }

  /// The header. A metric of repeats has its mean under its name, then `.sd`, `.low` and `.high` of the 95% interval, and
  /// `.count`; with a reference `.difference`, its 95% interval, `.pairs` and `.p`.
  package var header: [String] {
    columns.flatMap { column -> [String] in
      guard case .metric = column else { return [column.description] }
      return ([""] + (table.isGrouped ? Self.spread : []) + (reference == nil ? [] : Self.difference)).map { "\(column)\($0)" }
    }
  }

  private static let spread = [".sd", ".low", ".high", ".count"]
  private static let difference = [".difference", ".difference.low", ".difference.high", ".pairs", ".p"]

  /// Whether `columns` are those of such a file.
  package static func isHeader(_ columns: [String]) -> Bool {
    columns.starts(with: ColumnName.fixed.map(\.description))
      && columns.dropFirst(ColumnName.fixed.count).allSatisfy { $0.hasPrefix("params.") || $0.hasPrefix("metrics.") }
  }

  /// The file's text.
  package var text: String {
    var text = ""
    write { text += $0 }
    return text
  }

  /// Gives the file's lines to `body`, one after the other.
  package func write<Failure: Error>(_ body: (String) throws(Failure) -> Void) throws(Failure) {
    try body(CSV.header(isForTerminal ? header.map(\.printable) : header))
    for row in table.rows { try body(CSV.line(isForTerminal ? cells(row).map(\.printable) : cells(row))) }
  }

  /// The cells of each row under ``header``.
  package var cells: [[CSVCell]] { table.rows.map { cells($0) } }

  private func cells(_ row: ComparisonRow) -> [CSVCell] {
    columns.flatMap { column -> [CSVCell] in
      switch column {
      case .seconds: [.optional(row.seconds)]
      case .metric(let name): metric(name, row)
      default: [Self.cell(row.spelling(column) ?? "", column)]
      }
    }
  }

  /// A text as it is spelled; a negative number is not a formula.
  private static func cell(_ text: String, _ column: ColumnName) -> CSVCell {
    guard case .setting = column, text.first == "-", case .number(let value) = Cell(setting: text) else { return .text(text) }
    return Int(text).map(CSVCell.integer) ?? .double(value)
  }

  private func metric(_ name: String, _ row: ComparisonRow) -> [CSVCell] {
    let place = table.place(name)
    var cells = [CSVCell.optional(place.flatMap { row.mean($0) })]
    if table.isGrouped {
      let sample = place.flatMap { row.sample($0) }
      let interval = sample?.interval95
      cells += [.optional(sample?.standardDeviation), .optional(interval?.lowerBound), .optional(interval?.upperBound)]
      cells += [.integer(place.map { row.measured($0).count } ?? 0)]
    }
    if let reference {
      let difference = place.flatMap { reference.difference(of: row, metric: $0) }
      let interval = difference?.differences?.interval95
      cells += [.optional(difference?.differences?.mean), .optional(interval?.lowerBound), .optional(interval?.upperBound)]
      cells += [difference.map { .integer($0.pairs) } ?? .empty, .optional(difference?.test?.p)]
    }
    return cells
  }
}

extension CSVCell {
  /// The cell with what a terminal may act on escaped.
  fileprivate var printable: CSVCell { if case .text(let text) = self { .text(text.printable) } else { self } }
}
