import Basics

/// The columns of tables with the same first line.
final class TableHeader: Sendable {
  let columns: [String]
  /// Those that measure something.
  let metrics: [String]
  /// Where each column is.
  let places: [String: Int]
  /// Bytes of the line, its line feed included.
  let length: Int

  /// Reads a line that ends in a line feed. Throws what is wrong with it.
  init(_ line: ArraySlice<UInt8>) throws(CSVTable.Problem) {
    columns = try CSVTable(Array(line)).columns.map(CSV.unguarded)
    metrics = columns.filter { !MetricTable.places.contains($0) }
    places = Dictionary(columns.enumerated().map { ($0.element, $0.offset) }) { earlier, _ in earlier }
    length = line.count
  }
}

/// Headers that were read. The tables of runs have few.
final class KnownHeaders {
  private static let most = 64
  /// Bytes of the longest header that is kept.
  private static let longest = 4 << 10

  private var known: [[UInt8]: TableHeader] = [:]

  /// The header of this line, which ends in a line feed. Throws what is wrong with it.
  func header(_ line: ArraySlice<UInt8>) throws(CSVTable.Problem) -> TableHeader {
    guard line.count <= Self.longest else { return try TableHeader(line) }
    let key = Array(line)
    if let header = known[key] { return header }
    let header = try TableHeader(line)
    if known.count == Self.most { known = [:] }
    known[key] = header
    return header
  }
}
