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
    /// How soon the column goes where lines are too long: those of the highest rank first; never with 0.
    package let rank: Int

    /// A column of this title.
    package init(_ title: String, _ alignment: Alignment = .left, isOptional: Bool = false, rank: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.isOptional = isOptional
      self.rank = rank
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
  package var text: String { text(width: nil) }

  /// The text of ``write(width:_:)``.
  package func text(width: Int?) -> String {
    var text = ""
    write(width: width) { text += $0 }
    return text
  }

  /// Columns that lines of at most `width` characters have no room for, as ``write(width:_:)`` leaves them out.
  package func hidden(width: Int?) -> [String] {
    let shown = fitting(width).shown
    return columns.indices.filter { !shown.contains($0) && (!columns[$0].isOptional || widths[$0] > 0) }.map { columns[$0].title }
  }

  /// Characters that a cell is not cut below.
  private static let narrowest = 8

  /// The columns that are shown, and how wide each is: those of the highest rank go until lines have at most `width` characters; where
  /// none is left that may go, the widest texts are cut.
  private func fitting(_ width: Int?) -> (shown: [Int], widths: [Int]) {
    var shown = columns.indices.filter { !columns[$0].isOptional || widths[$0] > 0 }
    var sizes: [Int] = columns.indices.map { max(widths[$0], Self.width(columns[$0].title.printable)) }
    guard let width else { return (shown, shown.map { sizes[$0] }) }
    func excess() -> Int {
      var total = -2 - width
      for column in shown { total += sizes[column] + 2 }
      return total
    }
    while excess() > 0, let rank = shown.map({ columns[$0].rank }).max(), rank > 0,
      let place = shown.lastIndex(where: { columns[$0].rank == rank })
    {
      shown.remove(at: place)
    }
    while excess() > 0 {
      let texts = shown.filter { columns[$0].alignment == .left && sizes[$0] > Self.narrowest }
      guard let widest = texts.max(by: { sizes[$0] < sizes[$1] }) else { break }
      sizes[widest] = max(Self.narrowest, sizes[widest] - excess())
    }
    return (shown, shown.map { sizes[$0] })
  }

  /// Gives a line for the titles to `body`, then one per row, two spaces between columns, none at line ends. With a `width`, as that of a
  /// terminal, columns go and texts are cut until lines fit. Control characters, which could steer the terminal, appear escaped.
  package func write(width: Int? = nil, _ body: (String) throws -> Void) rethrows {
    let (shown, widths) = fitting(width)
    let titles = columns.map { Array($0.title.printable.utf8) }
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
      let cell = Self.cut(cell(column), to: widths[place])
      let padding = repeatElement(UInt8(0x20), count: widths[place] - Self.width(cell))
      if columns[column].alignment == .right { line += padding }
      line += cell
      if columns[column].alignment == .left { line += padding }
    }
    while line.last == 0x20 { line.removeLast() }
    return String(decoding: line + [0x0a], as: UTF8.self)
  }

  /// As much of a cell as has room, and what says so.
  private static func cut(_ cell: ArraySlice<UInt8>, to width: Int) -> ArraySlice<UInt8> {
    guard self.width(cell) > width else { return cell }
    return Array((String(decoding: cell, as: UTF8.self).prefix(max(0, width - 3)) + "...").utf8)[...]
  }

  private static func width(_ text: String) -> Int { width(Array(text.utf8)[...]) }

  /// Characters; of plain letters, bytes.
  private static func width(_ text: ArraySlice<UInt8>) -> Int {
    text.allSatisfy { $0 < 0x80 } ? text.count : String(decoding: text, as: UTF8.self).count
  }
}
