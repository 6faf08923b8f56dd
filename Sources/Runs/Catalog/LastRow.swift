import Basics

/// The last whole row of a CSV file whose rows are a line each, found without reading the whole file.
package struct LastRow: Equatable, Sendable {
  /// Bytes that are looked at from each end; far more than any header or row of ours.
  private static let window = 1 << 16

  /// The fields by column, in the file's order.
  package let cells: [(column: String, field: String)]

  /// The last row of the file at `path`; nil when the file is not there, has no row, or is damaged at one of its ends.
  /// Throws when something else stands there, as a link that is not followed.
  package init?(of path: String, _ files: any FileSystem) throws(FileError) {
    guard try files.fileStatus(of: path) != nil else { return nil }
    let head = try files.reading(path) { (file, size) throws(FileError) in
      try files.read(min(size, Self.window), from: file, at: 0)
    }
    let tail = try files.tail(of: path, count: Self.window).bytes
    let newline = UInt8(ascii: "\n")
    guard let headerEnd = head.firstIndex(of: newline), let rowEnd = tail.lastIndex(of: newline) else { return nil }
    let row = tail[..<rowEnd]
    let rowStart = row.lastIndex(of: newline).map { $0 + 1 } ?? tail.startIndex
    guard let table = try? CSVTable(Array(head[...headerEnd]) + row[rowStart...] + [newline]), let fields = table.rows.first,
      fields != table.columns
    else { return nil }
    cells = zip(table.columns, fields).map { ($0, CSV.unguarded($1)) }
  }

  /// The field of a column, or nil when there is no such column.
  package subscript(column: String) -> String? { cells.first { $0.column == column }?.field }

  package static func == (left: LastRow, right: LastRow) -> Bool {
    left.cells.elementsEqual(right.cells) { $0 == $1 }
  }
}
