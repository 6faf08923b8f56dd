import Basics
import Runs
import Testing

@testable import Comparison

@Suite struct MetricTableTests {
  let maker: RunMaker
  init() throws { maker = try RunMaker() }

  private func table(_ text: String) throws -> MetricTable {
    try maker.write(text, to: "metrics.csv")
    return try #require(try MetricTable(maker("metrics.csv"), maker.files))
  }

  @Test func `a column's last, smallest, largest and mean value`() throws {
    let table = try table("iteration,images,a,b\n1,16,3.0,\n2,32,1.0,-2.5\n3,48,2.0,\n")
    func values(_ reduction: Reduction) throws -> [Double?] { try table.values(of: ["b", "a", "none"], reduction, maker.files) }
    #expect(try values(.last) == [-2.5, 2, nil])
    #expect(try values(.min) == [-2.5, 1, nil])
    #expect(try values(.max) == [-2.5, 3, nil])
    #expect(try values(.mean) == [-2.5, 2, nil])
    var rows: [[Double?]] = []
    try table.forEachRow(["images", "none", "b", "a"], maker.files) { row in rows.append((0..<4).map { row[$0] }) }
    #expect(rows == [[16, nil, nil, 3], [32, nil, -2.5, 1], [48, nil, nil, 2]])
    #expect(table.metrics == ["a", "b"])
  }

  @Test func `nan is passed over by the smallest and makes the mean nan`() throws {
    let table = try table("a\nnan\n2.0\ninf\nnan\n")
    #expect(try table.values(of: ["a"], .min, maker.files) == [2])
    #expect(try table.values(of: ["a"], .max, maker.files) == [.infinity])
    #expect(try table.values(of: ["a"], .mean, maker.files)[0]?.isNaN == true)
    #expect(try table.values(of: ["a"], .last, maker.files)[0]?.isNaN == true)
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
      let found = try table.values(of: columns, reduction, images: images, maker.files)
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
    try table.forEachRow(["c"], maker.files) { series.append($0[0]) }
    #expect(series == rows.map { Double($0[4]) })
  }

  @Test func `fields are found in lines of any length`() throws {
    var random = RandomStream(seed: 3, name: "fields")
    for _ in 0..<300 {
      let cells = (0...random.below(40)).map { _ in String(repeating: "7", count: random.below(12)) }
      let table = try table(cells.indices.map { "c\($0)" }.joined(separator: ",") + "\n" + cells.joined(separator: ",") + "\n")
      let columns = cells.indices.filter { _ in random.below(2) == 0 }.map { "c\($0)" }
      let found = try table.values(of: columns, .max, maker.files)
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
      let error = #expect(throws: MetricTable.Damaged.self) { try table.values(of: ["b"], reduction, maker.files) }
      #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
  }

  @Test func `a row longer than any of ours is damage, and read no further`() throws {
    for rest in ["", "1,2\n"] {
      let table = try table("a,b\n" + rest + "1,2" + String(repeating: "0", count: 40_000) + "\n")
      for reduction in Reduction.allCases {
        let error = #expect(throws: MetricTable.Damaged.self) { try table.values(of: ["b"], reduction, maker.files) }
        #expect(error?.reason == "a row has more than 16384 bytes")
      }
    }
  }

  @Test(arguments: ["", "a,b", "a,a\n", "\"a\n", "\u{0},b\n"])
  func `a file without a header is damaged`(text: String) throws {
    try maker.write(text, to: "metrics.csv")
    #expect(throws: MetricTable.Damaged.self) { try MetricTable(maker("metrics.csv"), maker.files) }
  }

  @Test func `a file that is not there is none`() throws {
    #expect(try MetricTable(maker("metrics.csv"), maker.files) == nil)
  }
}
