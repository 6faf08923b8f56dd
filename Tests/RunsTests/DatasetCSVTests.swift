import Basics
import Runs
import Testing

/// What is written of a list of images can be read, or is not written.
@Suite struct DatasetCSVTests {
  private static func row(_ path: String, isUsed: Bool = true, reason: String = "") -> DatasetRow {
    DatasetRow(path: path, sha256: "ab", bytes: 12, width: 3, height: nil, isUsed: isUsed, reason: reason)
  }

  @Test func `every name comes back with its bytes`() throws {
    let names = [
      "a.png", "=1+1.png", "'=x.png", "-x.png", "with, comma.png", "two\nlines.png", "\"quoted\".png", "\u{e9}.png", "e\u{301}.png",
      "\u{301}.png", SystemText.decode([0x61, 0xe9, 0xff]), "\r.png", "\t.png",
    ]
    let rows = names.map { Self.row($0, reason: "like '\($0)'") }
    let again = try DatasetCSV.rows(Array(DatasetCSV.text(rows).utf8))
    #expect(again.map { Array($0.path.utf8) } == names.map { Array($0.utf8) })
    #expect(again.map { Array($0.reason.utf8) } == rows.map { Array($0.reason.utf8) })
  }

  @Test func `the same limits hold for what is written and for what is read`() throws {
    for count in 0..<8 {
      let rows = (0..<count).map { Self.row("\($0).png") }
      let text = Array(DatasetCSV.text(rows).utf8)
      for bytes in [text.count - 1, text.count, 1 << 20] {
        for most in 3...5 {
          var limits = DatasetCSV.limits
          (limits.fileBytes, limits.rows, limits.fields) = (bytes, most, most * DatasetRow.columns.count)
          let isWritten = (try? DatasetCSV.check(rows, limits: limits)) != nil
          let isRead = (try? DatasetCSV.rows(text, limits: limits)) == rows
          #expect(isWritten == isRead, "\(count) rows of at most \(most), \(text.count) bytes of at most \(bytes)")
        }
      }
    }
  }

  @Test func `more images than the limits of other tables let in are read`() throws {
    // 33 MiB, as 115,000 images with long names have.
    let name = String(repeating: "x", count: 1 << 18)
    let rows = (0..<129).map { Self.row("\(name)\($0).png") }
    #expect(CSV.header(DatasetRow.columns).utf8.count + 129 << 18 > CSVTable.Limits().fileBytes)
    try DatasetCSV.check(rows)
    #expect(try DatasetCSV.rows(Array(DatasetCSV.text(rows).utf8)) == rows)
  }

  @Test func `why a list cannot be read is told`() {
    let text = DatasetCSV.text([Self.row("a.png")])
    #expect(throws: CSVTable.Problem.tornEnd) { try DatasetCSV.rows(Array(text.utf8.dropLast())) }
    #expect(throws: CSVTable.Problem.otherColumns) { try DatasetCSV.rows(Array("a,b\n1,2\n".utf8)) }
    #expect(throws: CSVTable.Problem.empty) { try DatasetCSV.rows([]) }
  }
}
