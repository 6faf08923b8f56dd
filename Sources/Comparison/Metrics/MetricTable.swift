import Basics

/// A CSV file of numbers, one row a line, of which its header is read.
package struct MetricTable: Sendable {
  /// Why a file cannot be read.
  package struct Damaged: UserFacingError, Equatable {
    package var exitCode: ExitCode { .badData }
    package let path: String
    package let reason: String
    package var description: String { "cannot use '\(path)': \(reason)" }
  }

  /// Bytes of the longest header, far more than ours have.
  private static let longestHeader = 64 << 10
  /// Bytes that are read first.
  private static let usualHeader = 2 << 10
  /// Columns that give a row's position and measure nothing.
  package static let places: Set<String> = ["iteration", "images", "phase", "resolution", "alpha", "seed"]

  package let path: String
  let header: TableHeader

  package var columns: [String] { header.columns }
  /// Where the first row begins.
  var firstRow: Int { header.length }

  /// The file at `path`, or nil when there is none. Throws ``Damaged`` when its first line is no header.
  package init?(_ path: String, _ files: any FileSystem) throws { try self.init(path, KnownHeaders(), files) }

  /// The same, one of many tables.
  init?(_ path: String, _ headers: KnownHeaders, _ files: any FileSystem) throws {
    guard try files.fileStatus(of: path) != nil else { return nil }
    let head = try files.reading(path) { (file, size) throws(FileError) in
      let usual = try files.read(min(size, Self.usualHeader), from: file, at: 0)
      if usual.contains(UInt8(ascii: "\n")) || size <= usual.count { return usual }
      return try files.read(min(size, Self.longestHeader), from: file, at: 0)
    }
    guard let end = head.firstIndex(of: UInt8(ascii: "\n")) else {
      throw Damaged(path: path, reason: "its first \(head.count) bytes hold no header")
    }
    do {
      header = try headers.header(head[...end])
    } catch {
      throw Damaged(path: path, reason: "\(error)")
    }
    self.path = path
  }

  /// The columns that measure something.
  package var metrics: [String] { header.metrics }
}

extension MetricTable {
  /// The number that stands for each of `columns`, over the rows with at most `images` images shown if that is given; nil for
  /// a column that is not there or never measured.
  package func values(
    of columns: [String], _ reduction: Reduction, images: Int? = nil, _ files: any FileSystem
  ) throws -> [Double?] {
    try values(of: columns, reduction, images: images, ReadBuffer(), files)
  }

  /// The same with a buffer to read into.
  func values(
    of columns: [String], _ reduction: Reduction, images: Int? = nil, _ buffer: ReadBuffer, _ files: any FileSystem
  ) throws -> [Double?] {
    let wanted = WantedColumns(columns, in: self)
    guard !wanted.isEmpty else { return columns.map { _ in nil } }
    return try reading(buffer, files) { rows in
      var rows = rows
      if let images { try rows.cut(at: images, column: header.places["images"]) }
      let found = reduction == .last ? try rows.last(wanted) : try rows.reduce(wanted, reduction)
      return wanted.spread(found)
    }
  }

  /// The values of a row by the columns that were asked for.
  package struct Row {
    fileprivate let values: [Double?]
    fileprivate let places: [Int?]

    /// The value of a column by its place among those asked for; nil where nothing was measured.
    package subscript(place: Int) -> Double? { places[place].flatMap { values[$0] } }
  }

  /// Gives the values of `columns` to `body`, row by row from top to bottom. Nothing is kept of a row.
  package func forEachRow(_ columns: [String], _ files: any FileSystem, _ body: (Row) throws -> Void) throws {
    let wanted = WantedColumns(columns, in: self)
    guard !wanted.isEmpty else { return }
    try reading(ReadBuffer(), files) { rows in
      try rows.forEach(wanted) { values in try body(Row(values: values, places: wanted.places)) }
    }
  }

  /// The last value of `column` in a row whose values of `places` are as `isMeant` asks, which gets them in that order, nil where
  /// there is none.
  package func last(
    _ column: String, where places: [String], _ files: any FileSystem, _ isMeant: ([Double?]) -> Bool
  ) throws -> Double? {
    let wanted = WantedColumns([column] + places, in: self)
    guard !wanted.isEmpty else { return nil }
    return try reading(ReadBuffer(), files) { rows in
      var last: Double?
      try rows.forEach(wanted) { values in
        let found = wanted.spread(values)
        if let value = found[0], isMeant(Array(found.dropFirst())) { last = value }
      }
      return last
    }
  }

  private func reading<Value>(
    _ buffer: ReadBuffer, _ files: any FileSystem, _ body: (MetricRows) throws -> Value
  ) throws -> Value {
    let file = try files.open(path, .read)
    defer { try? files.close(file) }
    let size = try files.status(of: path)?.size ?? 0
    return try body(try MetricRows(file, firstRow..<max(firstRow, size), buffer, files))
  }
}
