import Basics

/// The last whole row of a CSV file whose rows are a line each, found without reading the whole file.
package struct LastRow: Equatable, Sendable {
  /// Bytes that are looked at from each end; far more than any header or row of ours.
  private static let window = 1 << 16
  /// Bytes that are looked at first.
  private static let glance = 4 << 10
  /// Cells of a row that is read quickly; ours have a few dozen.
  private static let mostPlainCells = 256
  private static let feed = UInt8(ascii: "\n")

  /// The fields by column, in the file's order.
  package let cells: [(column: String, field: String)]

  /// The last row of the file at `path`; nil when the file is not there, has no row, or is damaged at one of its ends.
  /// Throws when something else stands there, as a link that is not followed.
  package init?(of path: String, _ files: any FileSystem) throws(FileError) {
    let lines: [UInt8]?
    do throws(FileError) {
      lines = try files.reading(path) { (file, size) throws(FileError) in try Self.lines(file, size, files) }
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
    guard let lines, let cells = Self.plainCells(lines) ?? Self.cells(lines) else { return nil }
    self.cells = cells
  }

  /// The cells of a header and a row, as any CSV has them.
  static func cells(_ lines: [UInt8]) -> [(column: String, field: String)]? {
    guard let table = try? CSVTable(lines), let fields = table.rows.first, fields != table.columns else { return nil }
    return zip(table.columns, fields).map { ($0, CSV.unguarded($1)) }
  }

  /// The cells of a header and a row of so many plain cells each; nil for any other. A list has hundreds of thousands of them.
  static func plainCells(_ lines: [UInt8]) -> [(column: String, field: String)]? {
    let parts = lines.split(separator: feed, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].isEmpty, parts[0] != parts[1],
      lines.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\"") || $0 == feed })
    else { return nil }
    let halves = parts[..<2].map { $0.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) }
    // Each name is compared with all before it.
    guard halves[0].count == halves[1].count, (2...mostPlainCells).contains(halves[0].count) else { return nil }
    var cells: [(column: String, field: String)] = []
    cells.reserveCapacity(halves[0].count)
    for (column, field) in zip(halves[0], halves[1]) {
      let name = String(decoding: column, as: UTF8.self)
      guard !name.isEmpty, column.first != UInt8(ascii: "'"), !cells.contains(where: { $0.column == name }) else { return nil }
      cells.append((name, CSV.unguarded(String(decoding: field, as: UTF8.self))))
    }
    return cells
  }

  /// The field of a column, or nil when there is no such column.
  package subscript(column: String) -> String? { cells.first { $0.column == column }?.field }

  package static func == (left: LastRow, right: LastRow) -> Bool {
    left.cells.elementsEqual(right.cells) { $0 == $1 }
  }

  /// The header and the last whole row, each with its line feed; nil when one of them cannot be found.
  private static func lines(_ file: OpenFile, _ size: Int, _ files: any FileSystem) throws(FileError) -> [UInt8]? {
    for length in [glance, window] {
      let head = try files.read(min(size, length), from: file, at: 0)
      let tail = size <= length ? head : try files.read(length, from: file, at: size - length)
      if let lines = lines(head, tail, isWhole: size <= length) { return lines }
      if size <= length { break }
    }
    return nil
  }

  private static func lines(_ head: [UInt8], _ tail: [UInt8], isWhole: Bool) -> [UInt8]? {
    guard let headerEnd = head.firstIndex(of: feed), let rowEnd = tail.lastIndex(of: feed) else { return nil }
    let start = tail[..<rowEnd].lastIndex(of: feed)
    // Without a line end before it, the row may have begun before the bytes that were read.
    guard start != nil || isWhole else { return nil }
    return Array(head[...headerEnd]) + tail[(start.map { $0 + 1 } ?? 0)...rowEnd]
  }
}
