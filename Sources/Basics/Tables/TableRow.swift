/// A row of a table as text.
package struct TableRow: Equatable, Sendable {
  package let header: TableHeader
  /// The fields as they stand there, quotes undone, in the file's order.
  package let fields: [String]

  /// The fields by column, without what keeps spreadsheets from running them.
  package var cells: [(column: String, field: String)] { zip(header.columns, fields).map { ($0, CSV.unguarded($1)) } }

  /// The same of one column; nil when there is no such column.
  package subscript(column: String) -> String? { header.places[column].map { CSV.unguarded(fields[$0]) } }
}

extension TableRow {
  /// Bytes that are looked at from each end; far more than any header or row of ours.
  private static let window = 1 << 16
  /// Bytes that are looked at first.
  private static let glance = 4 << 10
  private static let feed = UInt8(ascii: "\n")

  /// The last whole row of the file at `path`, found without reading the whole file; nil when the file is not there, has no row, or is
  /// damaged at one of its ends. Throws when something else stands there, as a link that is not followed.
  package init?(
    lastOf path: String, headers: KnownHeaders = KnownHeaders(), _ files: any FileSystem
  ) throws(FileError) {
    let row: TableRow?
    do throws(FileError) {
      row = try files.reading(path) { (file, size) throws(FileError) in try Self.last(of: file, size, headers, files) }
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
    guard let row else { return nil }
    self = row
  }

  private static func last(
    of file: OpenFile, _ size: Int, _ headers: KnownHeaders, _ files: any FileSystem
  ) throws(FileError) -> TableRow? {
    for length in [glance, window] {
      let head = try files.read(min(size, length), from: file, at: 0)
      let tail = size <= length ? head : try files.read(length, from: file, at: size - length)
      if let row = last(head, tail, isWhole: size <= length, headers) { return row }
      if size <= length { break }
    }
    return nil
  }

  private static func last(_ head: [UInt8], _ tail: [UInt8], isWhole: Bool, _ headers: KnownHeaders) -> TableRow? {
    guard let headerEnd = head.firstIndex(of: feed), let rowEnd = tail.lastIndex(of: feed) else { return nil }
    let start = tail[..<rowEnd].lastIndex(of: feed)
    // Without a line end before it, the row may have begun before the bytes that were read.
    guard start != nil || isWhole else { return nil }
    let line = tail[(start.map { $0 + 1 } ?? 0)..<rowEnd]
    guard line != head[..<headerEnd] else { return nil }
    return try? headers.header(head[...headerEnd]).row(line)
  }
}
