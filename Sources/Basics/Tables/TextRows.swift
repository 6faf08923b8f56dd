/// The rows of an open table as they stand in it, one after the other in memory of constant size.
package struct TextRows {
  package let header: TableHeader
  private let path: String
  private var lines: FileLines

  /// Begins behind the header. Throws ``UnusableFile`` when there is none.
  package init(_ file: OpenFile, _ limit: FileLines.Limit, _ buffer: TableBuffer, _ files: any FileSystem) throws {
    path = file.path
    lines = FileLines(file, 0..<(try files.status(of: file).size), limit, buffer, files)
    guard let line = try lines.next() else { throw UnusableFile(path, "the file has no header") }
    do throws(CSVTable.Problem) {
      header = try buffer.headers.header(Array(line) + [UInt8(ascii: "\n")])
    } catch {
      throw Self.damage(path, error)
    }
  }

  /// The next row without its line feed, valid until the next call; nil at the end.
  package mutating func next() throws -> FileLines.Bytes? { try lines.next() }

  /// The fields of a row of this file. Throws ``UnusableFile`` when they are not as many as the columns.
  package func row(_ line: some Collection<UInt8>) throws(UnusableFile) -> TableRow {
    do throws(CSVTable.Problem) {
      return try header.row(line)
    } catch {
      throw Self.damage(path, error)
    }
  }

  private static func damage(_ path: String, _ problem: CSVTable.Problem) -> UnusableFile {
    UnusableFile(path, "this is no table: \(problem)")
  }
}
