import Basics
import Foundation
import Runs
import Testing
import TestSupport

/// Whatever becomes of a table while a run writes it, the run's own rows are all in it at the end.
@Suite struct ReplacedTableTests {
  let files = LocalFileSystem()

  private func text(_ path: String) throws -> String {
    String(decoding: try files.contents(of: path, limit: 1 << 20), as: UTF8.self)
  }

  /// What somebody may do to a table, and whether something of theirs must be kept.
  private static let deeds: [(name: String, keeps: Bool, body: @Sendable (String) throws -> Void)] = [
    ("sed -i", false, { try replace($0, by: FileManager.default.contents(atPath: $0)!) }),
    ("an editor that changes a row", true, { try replace($0, by: Data("x\n7\n".utf8)) }),
    ("git checkout of a shorter one", false, { try replace($0, by: Data("x\n1\n".utf8)) }),
    ("rm", false, { try FileManager.default.removeItem(atPath: $0) }),
    ("cutting it in place", false, { truncate($0, 3) }),
    ("emptying it in place", false, { truncate($0, 0) }),
    ("a row added in place", false, { try append($0, "99\n") }),
    ("zeros in its place", true, { try overwrite($0) }),
    ("a link in its place", true, { try link($0) }),
    ("a folder in its place", true, { try folder($0) }),
  ]

  private static func replace(_ path: String, by data: Data) throws {
    try data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
  private static func append(_ path: String, _ text: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
  }
  private static func overwrite(_ path: String) throws {
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let count = try #require(try handle.readToEnd()?.count)
    try handle.seek(toOffset: 0)
    try handle.write(contentsOf: Data(count: count))
  }
  private static func link(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
    try #require(symlink(path + ".target", path) == 0)
    try Data("victim\n".utf8).write(to: URL(fileURLWithPath: path + ".target"))
  }
  private static func folder(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  @Test(arguments: deeds.indices, [true, false])
  func `The whole table is there after the next rows`(deed: Int, isNew: Bool) throws {
    let place = try TemporaryFolder()
    let path = place("metrics.csv")
    let confined = try files.confined(to: place.path)
    if !isNew { try AtomicFile.write("x\n1\n", to: path, in: files) }
    let log = try CSVLog(continuing: path, columns: ["x"], keep: isNew ? .bytes(0) : .bytes(4), in: confined)
    if isNew { try log.append([.integer(1)]) }
    try log.append([.integer(2)])
    let (name, keeps, body) = Self.deeds[deed]
    try body(path)
    try log.append([.integer(3)])
    try log.synchronize()
    #expect(try text(path) == "x\n1\n2\n3\n", "\(name)")
    #expect(try files.status(of: path + ".replaced-1") != nil || !keeps || name == "a link in its place", "\(name)")
    #expect(log.takeNotices().count == (name == "a row added in place" ? 0 : 1), "\(name)")
    if name == "a link in its place" { #expect(try text(path + ".target") == "victim\n") }
  }

  @Test func `A table that somebody cut is put right at the end although no row comes any more`() throws {
    let place = try TemporaryFolder()
    let log = try CSVLog(creating: place("a.csv"), columns: ["x"], in: try files.confined(to: place.path))
    try log.append([.integer(1)])
    truncate(log.path, 2)
    try log.synchronize()
    #expect(try text(log.path) == "x\n1\n")
  }

  @Test func `Cutting back a table that was replaced leaves what it had until there`() throws {
    let place = try TemporaryFolder()
    let log = try CSVLog(creating: place("a.csv"), columns: ["x"], in: try files.confined(to: place.path))
    for row in 1...3 { try log.append([.integer(row)]) }
    try Self.replace(log.path, by: Data("other".utf8))
    try log.cut(to: 4)
    try log.append([.integer(9)])
    #expect(try text(log.path) == "x\n1\n9\n")
  }

  @Test func `A table too large for a copy stops the run and says what to do`() throws {
    let place = try TemporaryFolder()
    let row = String(repeating: "y", count: 1 << 20)
    let log = try CSVLog(creating: place("a.csv"), columns: ["x"], in: try files.confined(to: place.path))
    for _ in 0..<33 { try log.append([.text(row)]) }
    truncate(log.path, 2)
    let error = #expect(throws: CSVLog.Replaced.self) { try log.append([.text("z")]) }
    #expect(error?.exitCode == .ioError)
    #expect(error?.diagnostics.rendered.contains("put back") == true)
    #expect(try text(log.path) == "x\n")
  }

  @Test(arguments: [0, 3 << 20, 33 << 20]) func `A changed byte of a table too large for a copy is noticed at the end`(place: Int)
    throws
  {
    let folder = try TemporaryFolder()
    let row = String(repeating: "y", count: 1 << 20)
    func log(_ keep: CSVLog.Keep) throws -> CSVLog {
      try CSVLog(continuing: folder("a.csv"), columns: ["x"], keep: keep, in: try files.confined(to: folder.path))
    }
    let first = try log(.bytes(0))
    for _ in 0..<34 { try first.append([.text(row)]) }
    try first.synchronize()
    // Cut through a piece, and another process goes on.
    try first.cut(to: 2 + 33 * (row.utf8.count + 1))
    try first.append([.text("z")])
    try first.synchronize()
    let second = try log(.bytes(first.length))
    try second.append([.text("z")])
    try second.synchronize()
    let handle = try #require(FileHandle(forUpdatingAtPath: second.path))
    try handle.seek(toOffset: UInt64(place))
    try handle.write(contentsOf: Data("?".utf8))
    for log in [first, second] {
      let error = #expect(throws: CSVLog.Replaced.self) { try log.synchronize() }
      #expect(error?.exitCode == .ioError && error?.diagnostics.rendered.contains("put back") == true)
    }
  }
}
