import Basics

/// The rows of a CSV file like `metrics.csv`, a line each, one after the other.
struct RowReader {
  let columns: [String]
  /// Whole rows that were given out.
  private(set) var count = 0
  private var lines: LineReader
  private let header: ArraySlice<UInt8>
  private let path: String

  /// Begins behind the header. Throws `Diagnostics` when there is none.
  init(_ file: OpenFile, _ files: any FileSystem) throws {
    (lines, path) = (LineReader(file, files), file.path)
    guard let header = try lines.next() else {
      throw Diagnostics("the file has no header", file: path, exitCode: .badData)
    }
    self.header = header
    columns = try Self.table([header], path).columns
  }

  /// The next row as it is in the file, or nil at the end. What a torn write left is not a row.
  mutating func next() throws -> ArraySlice<UInt8>? {
    guard let line = try lines.next() else { return nil }
    count += 1
    return line
  }

  /// The cells of a row of this file by column. Throws `Diagnostics` when they are not as many as the columns.
  func cells(_ row: ArraySlice<UInt8>) throws -> [String: String] {
    let cells = try Self.table([header, row], path).rows.first ?? []
    return Dictionary(uniqueKeysWithValues: zip(columns, cells))
  }

  private static func table(_ lines: [ArraySlice<UInt8>], _ path: String) throws(Diagnostics) -> CSVTable {
    do throws(CSVTable.Problem) {
      return try CSVTable(Array(lines.map(Array.init).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
    } catch {
      throw Diagnostics("this is no table: \(error)", file: path, exitCode: .badData)
    }
  }
}
