import Basics

/// The last whole row of a CSV file whose rows are a line each, found without reading the whole file.
package struct LastRow: Equatable, Sendable {
  /// Bytes that are looked at from each end; far more than any header or row of ours.
  private static let window = 1 << 16
  /// Bytes that are looked at first.
  private static let glance = 4 << 10
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
    guard let lines, let table = try? CSVTable(lines), let fields = table.rows.first, fields != table.columns else { return nil }
    cells = zip(table.columns, fields).map { ($0, CSV.unguarded($1)) }
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
