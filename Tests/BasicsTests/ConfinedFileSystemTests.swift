import Basics
import Foundation
import Testing
import TestSupport

/// A file system that is confined to a folder stays in it.
@Suite struct ConfinedFileSystemTests {
  let plain = LocalFileSystem()

  /// A folder `run` with a file and a subfolder, and beside it `other` with the same and files that nobody may touch.
  private func place() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["run", "other"] {
      try plain.createDirectories(folder(name + "/samples"))
      try AtomicFile.write("of \(name)", to: folder(name + "/a.csv"), in: plain)
      try AtomicFile.write("of \(name)", to: folder(name + "/samples/1.png"), in: plain)
    }
    return folder
  }

  private func snapshot(_ path: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      files[name] = FileManager.default.contents(atPath: path + "/" + name).map { Array($0) } ?? []
    }
    return files
  }

  /// Every call that takes a path, on the path of a file and of its folder.
  private static let calls: [(name: String, body: @Sendable (any FileSystem, String) throws -> Void)] = [
    ("read", { _ = try $0.contents(of: $1, limit: 99) }),
    ("tail", { _ = try $0.tail(of: $1, count: 9) }),
    ("append", { try $0.close($0.open($1, .append)) }),
    ("lock", { try $0.close($0.open($1, .lock)) }),
    ("write", { try AtomicFile.write("new", to: $1, in: $0) }),
    ("create", { try $0.close($0.open($1 + "-new", .createNew)) }),
    ("directory", { try $0.createDirectory($1 + "-new") }),
    ("directories", { try $0.createDirectories($1 + "-new/deep") }),
    ("rename", { try $0.rename($1, to: $1 + "-new") }),
    ("list", { _ = try $0.list(Path.parent(of: $1)) }),
    ("sweep", { try AtomicFile.sweep(Path.parent(of: $1), in: $0) }),
    ("synchronize", { try $0.synchronizeDirectory(Path.parent(of: $1)) }),
    ("remove", { try $0.remove($1) }),
    ("remove directory", { try $0.removeDirectory(Path.parent(of: $1)) }),
  ]

  @Test(arguments: calls.indices) func `No call follows a folder that is a link`(call: Int) throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run"))
    try FileManager.default.removeItem(atPath: folder("run/samples"))
    try #require(symlink(folder("other/samples"), folder("run/samples")) == 0)
    let before = try snapshot(folder("other"))
    let (name, body) = Self.calls[call]
    let path = folder("run/samples/1.png")
    let error = #expect(throws: FileError.self, "\(name)") { try body(files, path) }
    #expect(error?.errno == (name == "remove directory" ? ENOTDIR : ELOOP) || error?.errno == ELOOP, "\(name): \(error!)")
    #expect(try snapshot(folder("other")) == before, "\(name)")
    #expect(try files.status(of: folder("run/samples"))?.kind == .link)
  }

  @Test(arguments: ["read", "tail", "append", "lock"]) func `No call follows a file that is a link`(name: String) throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run"))
    try #require(symlink(folder("other/a.csv"), folder("run/b.csv")) == 0)
    let before = try snapshot(folder("other"))
    let call = try #require(Self.calls.first { $0.name == name })
    let error = #expect(throws: FileError.self) { try call.body(files, folder("run/b.csv")) }
    #expect(error?.errno == ELOOP)
    #expect(try snapshot(folder("other")) == before)
  }

  @Test func `Writing in the place of a link replaces the link`() throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run"))
    try #require(symlink(folder("other/a.csv"), folder("run/b.csv")) == 0)
    try AtomicFile.write("new", to: folder("run/b.csv"), in: files)
    #expect(try files.status(of: folder("run/b.csv"))?.kind == .file)
    #expect(try plain.contents(of: folder("other/a.csv"), limit: 99) == Array("of other".utf8))
  }

  @Test func `A file with a second name is not written at its end`() throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run"))
    try #require(link(folder("other/a.csv"), folder("run/b.csv")) == 0)
    for mode in [FileMode.append, .lock] {
      #expect(throws: FileError(.open, folder("run/b.csv"), errno: EMLINK)) { try files.open(folder("run/b.csv"), mode) }
    }
  }

  @Test func `No path leads out by two dots`() throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run"))
    for (name, body) in Self.calls {
      #expect(throws: FileError.self, "\(name)") { try body(files, folder("run/samples/../../other/a.csv")) }
    }
    #expect(try plain.contents(of: folder("other/a.csv"), limit: 99) == Array("of other".utf8))
  }

  @Test(arguments: ["removed", "moved", "replaced", "a link"], calls.indices)
  func `Once another folder stands at the path nothing is written in either`(fate: String, call: Int) throws {
    let folder = try place()
    let run = folder("run")
    let files = try plain.confined(to: run)
    try FileManager.default.moveItem(atPath: run, toPath: folder("gone"))
    switch fate {
    case "removed": try FileManager.default.removeItem(atPath: folder("gone"))
    case "replaced": try FileManager.default.copyItem(atPath: folder("other"), toPath: run)
    case "a link": try #require(symlink(folder("other"), run) == 0)
    default: break
    }
    let before = try snapshot(folder.path)
    let (name, body) = Self.calls[call]
    let writes = ["append", "lock", "write", "create", "directory", "directories", "rename", "remove", "remove directory"]
    if writes.contains(name) {
      let error = #expect(throws: FileError.self, "\(name)") { try body(files, run + "/samples/1.png") }
      #expect(error?.errno == ESTALE || (name == "directories" && fate != "replaced"), "\(name), \(fate): \(error!)")
      #expect(error?.exitCode == .ioError || name == "directories")
    } else {
      try? body(files, run + "/samples/1.png")
    }
    #expect(try snapshot(folder.path) == before, "\(name), \(fate)")
  }

  @Test func `An open file is not written once the folder is another one`() throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run"))
    let file = try files.open(folder("run/a.csv"), .append)
    try files.writeAll(Array("1".utf8), to: file)
    try FileManager.default.moveItem(atPath: folder("run"), toPath: folder("gone"))
    try FileManager.default.copyItem(atPath: folder("other"), toPath: folder("run"))
    #expect(throws: FileError(.write, folder("run"), errno: ESTALE)) { try files.writeAll([1], to: file) }
    #expect(throws: FileError(.write, folder("run"), errno: ESTALE)) { try files.truncate(file, to: 0) }
    try files.close(file)
    #expect(try plain.contents(of: folder("gone/a.csv"), limit: 99) == Array("of run1".utf8))
  }

  @Test func `Paths elsewhere are reached as ever, also below a name that begins alike`() throws {
    let folder = try place()
    let files = try plain.confined(to: folder("run") + "/")
    try #require(symlink(folder("other"), folder("runs")) == 0)
    #expect(try files.contents(of: folder("runs/a.csv"), limit: 99) == Array("of other".utf8))
    #expect(try files.contents(of: folder("run//a.csv"), limit: 99) == Array("of run".utf8))
    #expect(try files.list(folder("run")) == ["a.csv", "samples"])
    #expect(try files.status(of: folder("run"))?.kind == .directory)
  }

  @Test func `A folder that is named through links is the one at their end`() throws {
    let folder = try place()
    try #require(symlink(folder("run"), folder("latest")) == 0)
    let files = try plain.confined(to: folder("latest"))
    try AtomicFile.write("new", to: folder("latest/b.csv"), in: files)
    #expect(try plain.contents(of: folder("run/b.csv"), limit: 99) == Array("new".utf8))
  }
}
