/// A CSV file of which its header is read, and whose rows, a line each, are read when they are asked for: nothing is kept of them.
package struct TableFile: Sendable {
  /// Bytes of the longest header, far more than ours have.
  private static let longestHeader = 64 << 10
  /// Bytes that are read first.
  private static let usualHeader = 2 << 10

  package let path: String
  package let header: TableHeader

  package var columns: [String] { header.columns }

  /// The file at `path`, or nil when there is none. Throws ``UnusableFile`` when its first line is no header.
  package init?(_ path: String, headers: KnownHeaders = KnownHeaders(), _ files: any FileSystem) throws {
    guard try files.fileStatus(of: path) != nil else { return nil }
    let head = try files.reading(path) { (file, size) throws(FileError) in
      let usual = try files.read(min(size, Self.usualHeader), from: file, at: 0)
      if usual.contains(UInt8(ascii: "\n")) || size <= usual.count { return usual }
      return try files.read(min(size, Self.longestHeader), from: file, at: 0)
    }
    guard let end = head.firstIndex(of: UInt8(ascii: "\n")) else {
      throw UnusableFile(path, "its first \(head.count) bytes hold no header")
    }
    do throws(CSVTable.Problem) {
      header = try headers.header(head[...end])
    } catch {
      throw UnusableFile(path, "\(error)")
    }
    self.path = path
  }

  /// The file at `path`, whose header was read before.
  package init(_ path: String, header: TableHeader) {
    self.path = path
    self.header = header
  }

  /// The number that stands for each of `columns`, over the rows with at most `images` images shown if that is given; nil for a column
  /// that is not there or never measured.
  package func values(
    of columns: [String], _ reduction: Reduction, images: Int? = nil, buffer: TableBuffer = TableBuffer(),
    _ files: any FileSystem
  ) throws -> [Double?] {
    try reading(columns, buffer, files) { rows, wanted in
      var rows = rows
      if let images { try rows.cut(at: images, column: header.places[Column.images.name]) }
      return wanted.spread(reduction == .last ? try rows.last(wanted) : try rows.reduce(wanted, reduction))
    } ?? columns.map { _ in nil }
  }

  /// The values of a row by the columns that were asked for.
  package struct Row {
    fileprivate let values: [Double?]
    fileprivate let places: [Int?]

    /// The value of a column by its place among those asked for; nil where nothing was measured.
    package subscript(place: Int) -> Double? { places[place].flatMap { values[$0] } }
  }

  /// Gives the values of `columns` to `body`, row by row from top to bottom.
  package func forEachRow(
    _ columns: [String], buffer: TableBuffer = TableBuffer(), _ files: any FileSystem, _ body: (Row) throws -> Void
  ) throws {
    try reading(columns, buffer, files) { rows, wanted in
      try rows.forEach(wanted) { values in try body(Row(values: values, places: wanted.places)) }
    }
  }

  private func reading<Value>(
    _ columns: [String], _ buffer: TableBuffer, _ files: any FileSystem, _ body: (NumberRows, WantedColumns) throws -> Value
  ) throws -> Value? {
    let wanted = WantedColumns(columns, in: header)
    guard !wanted.isEmpty else { return nil }
    let file = try files.open(path, .read)
    defer { try? files.close(file) }
    let size = try files.status(of: path)?.size ?? 0
    return try body(try NumberRows(file, header.length..<max(header.length, size), buffer, files), wanted)
  }
}
