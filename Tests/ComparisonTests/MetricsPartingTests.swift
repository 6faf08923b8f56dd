import Basics
import Foundation
import Testing

@testable import Comparison

@Suite struct MetricsPartingTests {
  private func parting(_ first: String, _ second: String) throws -> MetricsParting {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fadein-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let paths = [("a.csv", first), ("b.csv", second)].map { (Path.join(folder, $0), $1) }
    for (path, text) in paths { try Data(text.utf8).write(to: URL(filePath: path)) }
    return try MetricsParting((paths[0].0, LocalFileSystem()), (paths[1].0, LocalFileSystem()))
  }

  /// A file of `count` rows under `iteration,loss,score`, changed in one cell if `change` says so.
  private func table(_ count: Int, change: (row: Int, loss: String)? = nil) -> String {
    "iteration,loss,score\n"
      + (1...count).map { "\($0 * 10),\($0 == change?.row ? change!.loss : "0.\($0)"),1.5\n" }.joined()
  }

  @Test func `equal files do not part`() throws {
    let found = try parting(table(7), table(7))
    #expect(found.row == nil && found.agreeing == 7 && found.lastIteration == "70")
    #expect((found.firstCount, found.secondCount) == (7, 7))
    #expect(found.onlyFirst.isEmpty && found.onlySecond.isEmpty)
  }

  @Test(arguments: [1, 2, 40, 5000]) func `the first row that differs is found, with both values`(row: Int) throws {
    let found = try parting(table(5000), table(5100, change: (row, "9.0")))
    #expect(found.agreeing == row - 1)
    #expect(found.lastIteration == (row == 1 ? nil : String(10 * (row - 1))))
    #expect(found.row == .init(iteration: String(10 * row), cells: [.init(column: "loss", first: "0.\(row)", second: "9.0")]))
    #expect((found.firstCount, found.secondCount) == (5000, 5100))
  }

  @Test func `the shorter file bounds what is compared`() throws {
    let found = try parting(table(3), table(9))
    #expect(found.row == nil && found.agreeing == 3)
    #expect((found.firstCount, found.secondCount) == (3, 9))
  }

  @Test func `a line without end is no row yet`() throws {
    let found = try parting(table(3) + "40,0.", table(4))
    #expect(found.row == nil && found.agreeing == 3 && found.firstCount == 3)
  }

  @Test func `columns of one file only are named, the others compared by name`() throws {
    let found = try parting("iteration,a,b\n1,2,3\n2,5,6\n", "iteration,b,c\n1,3,8\n2,7,9\n")
    #expect((found.onlyFirst, found.onlySecond) == (["a"], ["c"]))
    #expect(found.agreeing == 1 && found.lastIteration == "1")
    #expect(found.row?.cells == [.init(column: "b", first: "6", second: "7")])
  }

  @Test func `another order of columns is no difference`() throws {
    let found = try parting("iteration,a,b\n1,2,3\n", "b,iteration,a\n3,1,2\n")
    #expect(found.row == nil && found.agreeing == 1)
  }

  @Test func `all differing columns of the row are told`() throws {
    let found = try parting("iteration,a,b\n1,2,3\n", "iteration,a,b\n1,nan,4\n")
    #expect(found.row?.cells.map(\.column) == ["a", "b"] && found.row?.cells.first?.second == "nan")
  }

  @Test func `damaged files are named`() {
    #expect { try parting("", table(1)) } throws: { "\($0)".contains("a.csv: error: the file has no header") }
    #expect { try parting("iteration,a\n1,2\n", "iteration,a\n1,3,4\n") } throws: { "\($0)".contains("fields instead of 2") }
    #expect { try parting("iteration\n", "iteration\n" + String(repeating: "1", count: 3 << 20)) } throws: {
      ($0 as? Diagnostics)?.items[0].message.hasPrefix("a line has more than") == true
    }
  }

  @Test func `lines longer than a piece of the file are whole`() throws {
    let wide = (0..<9000).map { "column\($0)" }.joined(separator: ",") + "\n"
    let row = (0..<9000).map { "\($0).25" }.joined(separator: ",") + "\n"
    let found = try parting(wide + row + row, wide + row + row)
    #expect(found.row == nil && found.agreeing == 2)
  }
}
