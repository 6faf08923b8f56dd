import Testing
import TestSupport

@testable import Basics

@Suite struct TableFileTests {
  private let folder: TemporaryFolder
  private let files = LocalFileSystem()
  init() throws { folder = try TemporaryFolder() }

  private func table(_ text: String) throws -> TableFile {
    try AtomicFile.write(text, to: folder("metrics.csv"), in: files)
    return try #require(try TableFile(folder("metrics.csv"), files))
  }

  @Test func `a column's last, smallest, largest and mean value`() throws {
    let table = try table("iteration,images,a,b\n1,16,3.0,\n2,32,1.0,-2.5\n3,48,2.0,\n")
    func values(_ reduction: Reduction) throws -> [Double?] { try table.values(of: ["b", "a", "none"], reduction, files) }
    #expect(try values(.last) == [-2.5, 2, nil])
    #expect(try values(.min) == [-2.5, 1, nil])
    #expect(try values(.max) == [-2.5, 3, nil])
    #expect(try values(.mean) == [-2.5, 2, nil])
    var rows: [[Double?]] = []
    try table.forEachRow(["images", "none", "b", "a"], files) { row in rows.append((0..<4).map { row[$0] }) }
    #expect(rows == [[16, nil, nil, 3], [32, nil, -2.5, 1], [48, nil, nil, 2]])
  }

  @Test func `nan is passed over by the smallest and makes the mean nan`() throws {
    let table = try table("a\nnan\n2.0\ninf\nnan\n")
    #expect(try table.values(of: ["a"], .min, files) == [2])
    #expect(try table.values(of: ["a"], .max, files) == [.infinity])
    #expect(try table.values(of: ["a"], .mean, files)[0]?.isNaN == true)
    #expect(try table.values(of: ["a"], .last, files)[0]?.isNaN == true)
  }

  /// Files of several pieces, with cells that are empty at the end, against a plain reading of the same text.
  @Test(arguments: 0..<12) func `what is read in pieces is what a table says`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, name: "table")
    let columns = ["iteration", "images", "a", "b", "c", "d"]
    let count = [0, 1, 2, 700, 6000, 30_000][random.below(6)]
    let measured = (2..<columns.count).map { _ in random.below(3) == 0 ? random.below(count + 1) : count }
    let density = 1 + random.below(4)
    var rows: [[String]] = []
    for row in 0..<count {
      let cells = measured.map { row < $0 && random.below(density) == 0 ? CSV.number(Float(random.uniform(in: -9...9))) : "" }
      rows.append(["\(row)", "\(row * 16 + 16)"] + cells)
    }
    let ending = random.below(2) == 0 ? "\n" : "\r\n"
    let torn = ["", "12,5", "\(count),\(count * 16 + 16),1.0,1.0,1.0,1.0"][random.below(3)]
    let table = try table((([columns] + rows).map { $0.joined(separator: ",") + ending } + [torn]).joined())
    let images = random.below(2) == 0 ? nil : random.below(count * 16 + 100)
    for reduction in Reduction.allCases {
      let found = try table.values(of: columns, reduction, images: images, files)
      for (column, value) in found.enumerated() {
        let cells = rows.filter { images == nil || Int($0[1])! <= images! }.compactMap { Double($0[column]) }
        let expected =
          switch reduction {
          case .last: cells.last
          case .min: cells.min()
          case .max: cells.max()
          case .mean: cells.isEmpty ? nil : cells.reduce(0, +) / Double(cells.count)
          }
        #expect(value == expected, "\(reduction) of \(columns[column]) with \(count) rows, \(images ?? -1) images")
      }
    }
    var series: [Double?] = []
    try table.forEachRow(["c"], files) { series.append($0[0]) }
    #expect(series == rows.map { Double($0[4]) })
  }

  @Test func `fields are found in lines of any length`() throws {
    var random = RandomStream(seed: 3, name: "fields")
    for _ in 0..<300 {
      let cells = (0...random.below(40)).map { _ in String(repeating: "7", count: random.below(12)) }
      let table = try table(cells.indices.map { "c\($0)" }.joined(separator: ",") + "\n" + cells.joined(separator: ",") + "\n")
      let columns = cells.indices.filter { _ in random.below(2) == 0 }.map { "c\($0)" }
      let found = try table.values(of: columns, .max, files)
      #expect(found == columns.map { Double(cells[Int($0.dropFirst())!]) })
    }
  }

  @Test(arguments: [
    ("a,b\n1\n", "the row '1' has no field for 'b'"),
    ("a,b\n1,2\n\n", "has no field for 'b'"),
    ("a,b\n1,x\n", "'x' of 'b' is not a number"),
    ("a,b\n1,\"2\"\n", "'\"2\"' of 'b' is not a number"),
    ("a,b\n1,\0\0\n", "is not a number"),
  ])
  func `a damaged row is named`(text: String, reason: String) throws {
    let table = try table(text)
    for reduction in Reduction.allCases {
      let error = #expect(throws: UnusableFile.self) { try table.values(of: ["b"], reduction, files) }
      #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
  }

  @Test func `a row longer than any of ours is damage, and read no further`() throws {
    for rest in ["", "1,2\n"] {
      let table = try table("a,b\n" + rest + "1,2" + String(repeating: "0", count: 40_000) + "\n")
      for reduction in Reduction.allCases {
        let error = #expect(throws: UnusableFile.self) { try table.values(of: ["b"], reduction, files) }
        #expect(error?.reason == "a row has more than 16384 bytes")
      }
    }
  }

  @Test(arguments: ["", "a,b", "a,a\n", "\"a\n", "\u{0},b\n"])
  func `a file without a header is damaged`(text: String) throws {
    try AtomicFile.write(text, to: folder("metrics.csv"), in: files)
    #expect(throws: UnusableFile.self) { try TableFile(folder("metrics.csv"), files) }
  }

  @Test func `a file that is not there is none`() throws {
    #expect(try TableFile(folder("metrics.csv"), files) == nil)
  }

  @Test func `a column's name is read without its guard, by every reader of lines`() throws {
    let table = try table("iteration,'=a,'b\n1,2,3\n")
    #expect(table.columns == ["iteration", "=a", "'b"])
    #expect(try table.values(of: ["=a", "'=a"], .last, files) == [2, nil])
    #expect(try TableRow(lastOf: table.path, files)?["=a"] == "2")
    let file = try files.open(table.path, .read)
    defer { try? files.close(file) }
    #expect(try TextRows(file, .texts, TableBuffer(), files).header == table.header)
  }

  @Test func `rows of texts are whole lines, and a longer one than any is damage`() throws {
    let rest = String(repeating: "x", count: 300_000)
    for (text, count, reason) in [
      ("a,b\n1,2\n\"x\",\n3", 2, nil), ("a,b\n1,2\n1,\(rest)\n", 1, "a row has more than 65536 bytes"),
      ("a,b\n1,2\n1,\(rest.prefix(70_000))\n1,2\n", 1, "a row has more than 65536 bytes"),
    ] as [(String, Int, String?)] {
      let table = try table(text)
      let file = try files.open(table.path, .read)
      defer { try? files.close(file) }
      var (rows, read, error) = (try TextRows(file, .texts, TableBuffer(), files), [[String]](), UnusableFile?.none)
      do {
        while let line = try rows.next() { read.append(try rows.row(line).fields) }
      } catch let damaged as UnusableFile {
        error = damaged
      }
      #expect(read.count == count && read[0] == ["1", "2"])
      #expect(error?.reason == reason)
    }
  }

  @Test(arguments: UInt64(0)..<30) func `a line is read quickly as it is read at leisure`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "test.rows")
    let pieces = ["a", "b", "", "7", "-1.5e-3", "'=x", "=x", "nan", "\"q\"", "\"x,y\"", "é", "\r", "\t", "a b", "\n"]
    var quick = 0
    for _ in 0..<400 {
      let line = (0..<2 + stream.below(3)).map { _ in pieces[stream.below(pieces.count)] }.joined(separator: ",")
      guard let fields = CSV.plainFields(line.utf8) else { continue }
      quick += 1
      var reader = CSVReader(bytes: Array((line + "\n").utf8), limits: CSVTable.Limits())
      #expect((try? reader.row()) == fields, "\(line)")
    }
    #expect(quick > 2)
  }

  @Test func `what has more columns than a table may have is not read quickly`() {
    let line = String(repeating: ",", count: CSVTable.Limits().columns)
    #expect(CSV.plainFields(line.utf8) == nil && CSV.plainFields(line.dropLast().utf8)?.count == CSVTable.Limits().columns)
    #expect(throws: CSVTable.Problem.tooLarge(line: 1, what: "columns")) { try TableHeader(Array(line.utf8) + [0x0a]) }
  }
}
