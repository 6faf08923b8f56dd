/// The content of a CSV file that we wrote: a header and rows of as many fields.
package struct CSVTable: Equatable, Sendable {
  /// What a reader accepts.
  package struct Limits: Sendable {
    package var columns = 10_000
    package var rows = 1_000_000
    /// All fields together; a field takes 16 bytes of memory and more.
    package var fields = 4_000_000
    package var fieldBytes = 1 << 20
    package var fileBytes = 32 << 20

    /// Limits that keep a table below 256 MB of memory, whatever is in it.
    package init() {}
  }

  /// Why the bytes are not such a file. Lines count from 1.
  package enum Problem: Error, Equatable, Sendable {
    case empty
    case notText(line: Int)
    case strayQuote(line: Int)
    case openQuote(line: Int)
    case wrongFieldCount(line: Int, found: Int, expected: Int)
    case duplicateColumn(String)
    /// Two columns, counted from 1, whose names are one text in two spellings.
    case alikeColumns(String, Int, Int)
    case tooLarge(line: Int, what: String)
    case tooLong(bytes: Int, limit: Int)
    /// The header is that of another table.
    case otherColumns
    /// The last line is not whole.
    case tornEnd
  }

  package let columns: [String]
  /// The fields as text, quotes undone; an empty one was not measured.
  package let rows: [[String]]
  /// Whether the file ends in a line without line feed: the trace of a torn write. That line is not among the rows.
  package let hasTornEnd: Bool

  /// Reads a whole file.
  package init(_ bytes: [UInt8], limits: Limits = Limits()) throws(Problem) {
    var rows: [[String]] = []
    (columns, hasTornEnd) = try Self.read(bytes, limits: limits) { rows.append($0) }
    self.rows = rows
  }

  /// Reads a whole file and gives its columns to `begin`, and each row, of as many fields, to `body`; so it need not be kept.
  /// - Returns: the header, and whether the file ends in a torn line.
  package static func read(
    _ bytes: [UInt8], limits: Limits, begin: ([String]) -> Void = { _ in }, _ body: ([String]) -> Void
  ) throws(Problem) -> (columns: [String], hasTornEnd: Bool) {
    guard bytes.count <= limits.fileBytes else { throw .tooLong(bytes: bytes.count, limit: limits.fileBytes) }
    var reader = CSVReader(bytes: bytes, limits: limits)
    guard let columns = try reader.row() else { throw .empty }
    try checkNames(columns)
    begin(columns)
    var (line, count) = (reader.line, 0)
    while let row = try reader.row() {
      guard row.count == columns.count else {
        throw .wrongFieldCount(line: line, found: row.count, expected: columns.count)
      }
      count += 1
      guard count <= limits.rows else { throw .tooLarge(line: line, what: "rows") }
      guard count * columns.count <= limits.fields else { throw .tooLarge(line: line, what: "fields") }
      body(row)
      line = reader.line
    }
    return (columns, reader.hasTornEnd)
  }

  /// Throws when two columns have one name, also in two spellings: as NFC and NFD, which `String` takes for the same, or with and
  /// without the `'` that keeps spreadsheets from running it.
  static func checkNames(_ columns: [String]) throws(Problem) {
    for names in [columns, columns.map(CSV.unguarded)] {
      var places: [String: Int] = [:]
      for (place, name) in names.enumerated() {
        guard let other = places.updateValue(place, forKey: name) else { continue }
        throw ByteText(columns[other]) == ByteText(columns[place])
          ? .duplicateColumn(name) : .alikeColumns(name, other + 1, place + 1)
      }
    }
  }

  /// The fields of one column from top to bottom, or nil when there is none of this name.
  package subscript(column name: String) -> [String]? {
    columns.firstIndex { ByteText($0) == ByteText(name) }.map { index in rows.map { $0[index] } }
  }
}

extension CSVTable.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "the file has no header"
    case .notText(let line): "line \(line) is not UTF-8 text"
    case .strayQuote(let line): "line \(line) has a quote or a carriage return in the middle of a field"
    case .openQuote(let line): "the quote opened in line \(line) is never closed"
    case .wrongFieldCount(let line, let found, let expected): "line \(line) has \(found) fields instead of \(expected)"
    case .duplicateColumn(let name): "the column '\(name.shortened)' is there twice"
    case .alikeColumns(let name, let first, let second):
      "its columns \(first) and \(second) are both called '\(name.shortened)', in two spellings"
    case .tooLarge(let line, let what): "line \(line): too many \(what)"
    case .otherColumns: "its columns are not those of such a table"
    case .tornEnd: "its last line is not whole"
    case .tooLong(let bytes, let limit): "it has \(bytes) bytes, more than the \(limit) that are read"
    }
  }
}
