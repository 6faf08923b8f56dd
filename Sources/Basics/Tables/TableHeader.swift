/// The columns of tables with the same first line.
package final class TableHeader: Equatable, Sendable {
  /// The names, without what keeps spreadsheets from running them.
  package let columns: [String]
  /// Where each column stands.
  package let places: [String: Int]
  /// Bytes of the line, its line feed included.
  package let length: Int

  /// Reads a line that ends in a line feed. Throws what is wrong with it.
  package init(_ line: some Collection<UInt8>) throws(CSVTable.Problem) {
    let names = try CSV.fields(line.dropLast(), line: 1)
    try CSVTable.checkNames(names)
    columns = names.map(CSV.unguarded)
    places = Dictionary(columns.enumerated().map { ($0.element, $0.offset) }) { earlier, _ in earlier }
    length = line.count
  }

  /// The row that `line`, without its line feed, spells. Throws what is wrong with it, as in the second line of a file.
  package func row(_ line: some Collection<UInt8>) throws(CSVTable.Problem) -> TableRow {
    let fields = try CSV.fields(line, line: 2)
    guard fields.count == columns.count else {
      throw .wrongFieldCount(line: 2, found: fields.count, expected: columns.count)
    }
    return TableRow(header: self, fields: fields)
  }

  package static func == (left: TableHeader, right: TableHeader) -> Bool { left === right || left.columns == right.columns }
}

/// Headers that were read. The tables of runs have few.
package final class KnownHeaders {
  private static let most = 64
  /// Bytes of the longest header that is kept.
  private static let longest = 4 << 10

  private var known: [[UInt8]: TableHeader] = [:]

  package init() {}

  /// The header of this line, which ends in a line feed. Throws what is wrong with it.
  func header(_ line: some Collection<UInt8>) throws(CSVTable.Problem) -> TableHeader {
    guard line.count <= Self.longest else { return try TableHeader(line) }
    let key = Array(line)
    if let header = known[key] { return header }
    let header = try TableHeader(key)
    if known.count == Self.most { known = [:] }
    known[key] = header
    return header
  }
}
