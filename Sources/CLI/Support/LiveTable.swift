import Foundation

/// Lines that stand at the bottom of a terminal until they are taken away, cut to what it can show: the cursor does not go back beyond
/// the first row, so a table that is taller would stay.
struct LiveTable {
  /// Columns and rows of a terminal.
  struct Size: Equatable {
    let rows: Int
    let columns: Int

    /// The terminal on standard output at this moment, which a user may make larger and smaller.
    static var now: Size {
      var size = winsize()
      let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
      return Size(
        rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24, columns: isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80)
    }
  }

  /// The lines that are shown now.
  private(set) var shown: [String] = []

  /// The `table`, of which the first line are titles, and below it `summary`, in at most so many lines that one row of the terminal stays
  /// free for the cursor. Rows that find no room are counted: `and 7 more running`.
  static func fitted(_ table: [String], summary: [String], in size: Size) -> [String] {
    let room = max(1, size.rows - 1)
    func cut(_ lines: [String]) -> [String] { lines.map { Self.cut($0, to: size.columns - 1) } }
    if table.count + summary.count <= room { return cut(table + summary) }
    let rows = room - summary.count - 1
    // A row of titles alone says nothing.
    guard rows >= 2 else { return cut(Array(summary.prefix(room))) }
    return cut(table.prefix(rows) + ["and \(table.count - rows) more running"] + summary)
  }

  /// What takes the shown lines away and puts `lines` in their place, on a terminal of this size.
  mutating func replace(with lines: [String], in size: Size) -> String {
    defer { shown = lines }
    return erasing(in: size) + lines.map { $0 + "\n" }.joined()
  }

  /// What takes the shown lines away. On a terminal that was made narrower they may take several rows each.
  mutating func erase(in size: Size) -> String {
    defer { shown = [] }
    return erasing(in: size)
  }

  private func erasing(in size: Size) -> String {
    let rows = shown.reduce(0) { $0 + max(1, (Self.width($1) + size.columns - 1) / max(1, size.columns)) }
    let reachable = min(rows, size.rows - 1)
    return reachable > 0 ? "\r\u{1b}[\(reachable)A\u{1b}[J" : ""
  }

  /// The beginning of `line` that takes at most `columns` columns.
  private static func cut(_ line: String, to columns: Int) -> String {
    var (width, end) = (0, line.startIndex)
    while end < line.endIndex {
      width += Self.width(line[end])
      if width > max(1, columns) { break }
      end = line.index(after: end)
    }
    return String(line[..<end])
  }

  private static func width(_ line: String) -> Int { line.reduce(0) { $0 + width($1) } }

  /// Columns of a character: two for those of East Asian scripts and for pictures.
  private static func width(_ character: Character) -> Int {
    switch character.unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
      0x1f300...0x1faff, 0x20000...0x3fffd:
      2
    default: 1
    }
  }
}
