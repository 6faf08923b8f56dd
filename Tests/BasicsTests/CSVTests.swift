import Basics
import Foundation
import Testing

@Suite struct CSVTests {
  static let texts = [
    "", "plain", "a,b", "say \"hi\"", "two\nlines", "\r\n", "'", "''", "'=1", "=1+1", "+1", "-rf", "@x", "\tx", "\rx", "ä€😀",
    " space ",
    "\"", "\"\"", ",",
  ]

  @Test
  func `every text comes back from a file of such texts`() throws {
    let columns = Self.texts.indices.map { "c\($0)" }
    let file = CSV.header(columns) + CSV.line(Self.texts.map { .text($0) }) + CSV.line(Self.texts.reversed().map { .text($0) })
    let table = try CSVTable(Array(file.utf8))
    #expect(table.columns == columns)
    #expect(table.rows.map { $0.map(CSV.unguarded) } == [Self.texts, Self.texts.reversed()])
    #expect(!table.hasTornEnd)
  }

  @Test(arguments: 0..<20)
  func `random texts of awkward characters come back`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, name: "csv")
    let alphabet = Array("ab,\"\n\r'=-+@\té😀".unicodeScalars)
    let cells = (0..<37).map { _ in
      var text = String.UnicodeScalarView()
      for _ in 0..<random.below(9) { text.append(alphabet[random.below(alphabet.count)]) }
      return String(text)
    }
    let file = CSV.header(cells.indices.map(String.init)) + CSV.line(cells.map { .text($0) })
    let table = try CSVTable(Array(file.utf8))
    let back = try #require(table.rows.first).map(CSV.unguarded)
    #expect(back.map { Array($0.unicodeScalars) } == cells.map { Array($0.unicodeScalars) }, "seed \(seed)")
  }

  @Test
  func `text that a spreadsheet would run gets a quote before it, numbers do not`() {
    #expect(CSVCell.text("=cmd()").field == "'=cmd()")
    #expect(CSVCell.text("-x").field == "'-x")
    #expect(CSVCell.text("\tx").field == "'\tx")
    #expect(CSVCell.text("a\0b").field == "a\u{fffd}b")
    #expect(CSVCell.float(-0.5).field == "-0.5")
    #expect(CSVCell.integer(-3).field == "-3")
  }

  @Test
  func `numbers that are no numbers, infinite or missing are spelled as documented`() {
    let cells: [CSVCell] = [
      .float(.nan), .float(-.nan), .double(.signalingNaN), .float(.infinity), .double(-.infinity), .empty, .optional(Float?.none),
    ]
    #expect(CSV.line(cells) == "nan,nan,nan,inf,-inf,,\n")
  }

  @Test(arguments: 0..<8)
  func `every float reads back from its decimal, which has no digit to spare`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, name: "floats")
    for _ in 0..<2_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard value.isFinite else { continue }
      let text = CSV.number(value)
      #expect(Float(text)?.bitPattern == value.bitPattern, "\(text), seed \(seed)")
      if let shorter = Self.withoutLastDigit(text) {
        #expect(Float(shorter) != value, "\(text) could be \(shorter), seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<4)
  func `every double reads back from its decimal`(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "doubles")
    for _ in 0..<2_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(Double(CSV.number(value))?.bitPattern == value.bitPattern, "seed \(seed)")
    }
  }

  @Test
  func `a last line without line feed is a torn write, not a row`() throws {
    let table = try CSVTable(Array("a,b\n1,2\n3,".utf8))
    #expect(table.rows == [["1", "2"]])
    #expect(table.hasTornEnd)
  }

  @Test
  func `lines may end in CR LF`() throws {
    #expect(try CSVTable(Array("a,b\r\n1,\"2\"\r\n".utf8)).rows == [["1", "2"]])
  }

  @Test
  func `a column is found by its name`() throws {
    let table = try CSVTable(Array("a,b\n1,2\n3,4\n".utf8))
    #expect(table[column: "b"] == ["2", "4"])
    #expect(table[column: "c"] == nil)
  }

  @Test(arguments: [
    ("", CSVTable.Problem.empty),
    ("a,b\n1\n", .wrongFieldCount(line: 2, found: 1, expected: 2)),
    ("a,b\n1,2\n1,2,3\n", .wrongFieldCount(line: 3, found: 3, expected: 2)),
    ("a,a\n", .duplicateColumn("a")),
    ("a,caf\u{e9},cafe\u{301}\n", .alikeColumns("cafe\u{301}", 2, 3)),
    ("'=a,=a\n", .alikeColumns("=a", 1, 2)),
    ("'\u{2260},b,'=\u{338}\n", .alikeColumns("'=\u{338}", 1, 3)),
    ("a\nx\"y\n", .strayQuote(line: 2)),
    ("a\n\"x\"y\n", .strayQuote(line: 2)),
    ("a,b\n1\r,2\n", .strayQuote(line: 2)),
    ("a\n\"x\n", .openQuote(line: 2)),
    ("a\n\0\n", .notText(line: 2)),
  ])
  func `what is no file of ours is refused with its line`(text: String, problem: CSVTable.Problem) {
    #expect(throws: problem) { try CSVTable(Array(text.utf8)) }
  }

  @Test
  func `limits hold`() {
    var limits = CSVTable.Limits()
    (limits.columns, limits.rows, limits.fieldBytes) = (2, 1, 3)
    #expect(throws: CSVTable.Problem.self) { try CSVTable(Array("a,b,c\n".utf8), limits: limits) }
    #expect(throws: CSVTable.Problem.self) { try CSVTable(Array("a\n1\n2\n".utf8), limits: limits) }
    #expect(throws: CSVTable.Problem.self) { try CSVTable(Array("a\n1234\n".utf8), limits: limits) }
    #expect(throws: CSVTable.Problem.notText(line: 2)) { try CSVTable(Array("a\n".utf8) + [0xff, 0x0a]) }
    (limits.rows, limits.fields) = (9, 3)
    #expect(throws: CSVTable.Problem.tooLarge(line: 3, what: "fields")) { try CSVTable(Array("a,b\n,\n,\n".utf8), limits: limits) }
    limits.fileBytes = 3
    #expect(throws: CSVTable.Problem.tooLong(bytes: 4, limit: 3)) { try CSVTable(Array("a\n1\n".utf8), limits: limits) }
  }

  @Test(arguments: ["\n", ",", "\"\"", "\r\n", "\"", "a"])
  func `a megabyte of separators, quotes or line ends is read or refused at once`(piece: String) throws {
    let start = threadSeconds()
    _ = try? CSVTable(Array(String(repeating: piece, count: (1 << 20) / piece.utf8.count).utf8))
    #expect(threadSeconds() - start < 20)
  }

  @Test(arguments: 0..<10)
  func `random bytes never crash the reader`(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "bytes")
    for _ in 0..<200 {
      let bytes = (0..<random.below(40)).map { _ in Array("a,\"\n\r\0\u{e9}".utf8)[random.below(8)] }
      let table = try? CSVTable(bytes)
      #expect(table.map { table in table.rows.allSatisfy { $0.count == table.columns.count } } ?? true, "seed \(seed)")
    }
  }

  /// The number with one significant digit fewer, rounded to nearest, or nil when only one is left.
  private static func withoutLastDigit(_ text: String) -> String? {
    guard let value = Double(text) else { return nil }
    let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    let trimmed = String(digits.reversed().drop { $0 == "0" }.reversed())
    guard trimmed.count > 1 else { return nil }
    return String(format: "%.\(trimmed.count - 2)e", value)
  }
}

/// Processor time of this thread: the clock would also count what other programs do.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
