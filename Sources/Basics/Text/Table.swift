/// Rows of text under titles, aligned for a terminal. The cells lie one behind the other in one piece of memory, so that a table may have
/// a hundred thousand rows.
package struct Table: Sendable {
  /// On which side a column's text stands.
  package enum Alignment: Sendable { case left, right }

  /// A title and an alignment.
  package struct Column: Sendable {
    package let title: String
    package let alignment: Alignment
    /// Whether the column is left out while none of its cells says anything.
    package let isOptional: Bool

    /// A column of this title.
    package init(_ title: String, _ alignment: Alignment = .left, isOptional: Bool = false) {
      (self.title, self.alignment, self.isOptional) = (title, alignment, isOptional)
    }
  }

  package let columns: [Column]
  /// All cells as they are printed, in UTF-8.
  private var bytes: [UInt8] = []
  /// Where each cell ends in these.
  private var ends: [Int] = []
  /// Characters of each column's widest cell.
  private var widths: [Int]

  /// An empty table of these columns.
  package init(_ columns: [Column]) {
    self.columns = columns
    widths = columns.map { $0.isOptional ? 0 : Self.width($0.title.printable) }
  }

  /// How many rows there are.
  package var count: Int { columns.isEmpty ? 0 : ends.count / columns.count }

  /// Appends a row, which has a cell per column.
  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
    for (column, cell) in row.enumerated() {
      let cell = cell.printable
      bytes.append(contentsOf: cell.utf8)
      ends.append(bytes.count)
      widths[column] = max(widths[column], Self.width(cell))
    }
  }

  /// The text of ``write(_:)``.
  package var text: String {
    var text = ""
    write { text += $0 }
    return text
  }

  /// Gives a line for the titles to `body`, then one per row, two spaces between columns, none at line ends. Control characters, which
  /// could steer the terminal, appear escaped.
  package func write(_ body: (String) throws -> Void) rethrows {
    let shown = columns.indices.filter { !columns[$0].isOptional || self.widths[$0] > 0 }
    let titles = columns.map { Array($0.title.printable.utf8) }
    let widths = shown.map {
      columns[$0].isOptional ? max(self.widths[$0], Self.width(columns[$0].title.printable)) : self.widths[$0]
    }
    try body(line(shown, widths) { titles[$0][...] })
    for row in 0..<count {
      try body(
        line(shown, widths) { column in
          let cell = row * columns.count + column
          return bytes[(cell == 0 ? 0 : ends[cell - 1])..<ends[cell]]
        })
    }
  }

  private func line(_ shown: [Int], _ widths: [Int], _ cell: (Int) -> ArraySlice<UInt8>) -> String {
    var line: [UInt8] = []
    for (place, column) in shown.enumerated() {
      if place > 0 { line += [0x20, 0x20] }
      let cell = cell(column)
      let padding = repeatElement(UInt8(0x20), count: widths[place] - Self.width(cell))
      if columns[column].alignment == .right { line += padding }
      line += cell
      if columns[column].alignment == .left { line += padding }
    }
    while line.last == 0x20 { line.removeLast() }
    return String(decoding: line + [0x0a], as: UTF8.self)
  }

  private static func width(_ text: String) -> Int { width(Array(text.utf8)[...]) }

  /// Characters; of plain letters, bytes.
  private static func width(_ text: ArraySlice<UInt8>) -> Int {
    text.allSatisfy { $0 < 0x80 } ? text.count : String(decoding: text, as: UTF8.self).count
  }
}
