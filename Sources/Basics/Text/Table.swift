/// Rows of text under titles, aligned for a terminal.
package struct Table: Sendable {
  /// On which side a column's text stands.
  package enum Alignment: Sendable { case left, right }

  /// A title and an alignment.
  package struct Column: Sendable {
    package let title: String
    package let alignment: Alignment

    /// A column of this title.
    package init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  package let columns: [Column]
  package private(set) var rows: [[String]] = []

  /// An empty table of these columns.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Appends a row, which has a cell per column.
  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
    rows.append(row)
  }

  /// A line for the titles, then one per row, two spaces between columns, none at line ends. Control characters, which
  /// could steer the terminal, appear escaped.
  package var text: String {
    let lines = ([columns.map(\.title)] + rows).map { $0.map(\.printable) }
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for line in lines {
      var row = ""
      for (column, cell) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { row += "  " }
        row += columns[column].alignment == .left ? cell + padding : padding + cell
      }
      while row.last == " " { row.removeLast() }
      text += row + "\n"
    }
    return text
  }
}
