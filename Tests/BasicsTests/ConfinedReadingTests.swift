import Foundation
import Testing
import TestSupport

@testable import Basics

@Suite struct ConfinedReadingTests {
  let files = LocalFileSystem()

  /// A folder `inside` with links out of it, and `outside` with a file.
  private func makeFolders() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for path in ["inside/below", "outside/deep"] { try files.createDirectories(folder(path)) }
    for path in ["inside/own.txt", "inside/below/own.txt", "outside/secret", "outside/deep/secret"] {
      try AtomicFile.write(path, to: folder(path), in: files)
    }
    for (target, link) in [
      ("../outside/secret", "file"), ("../outside", "folder"), (folder("outside/secret"), "absolute"), ("own.txt", "self"),
    ] {
      try #require(symlink(target, folder("inside/" + link)) == 0)
    }
    try #require(mkfifo(folder("inside/pipe"), 0o600) == 0)
    return folder
  }

  @Test func `what lies in the folder is read`() throws {
    let folder = try makeFolders()
    let reader = try files.confined(to: folder("inside"))
    for name in ["own.txt", "below/own.txt", "./below//own.txt"] {
      let text = try reader.contents(of: folder("inside/" + name), limit: 100)
      #expect(String(decoding: text, as: UTF8.self).hasSuffix("own.txt"))
    }
    #expect(try reader.list(folder("inside/below")) == ["own.txt"])
    #expect(try reader.status(of: folder("inside/nothing")) == nil)
    let kinds = Dictionary(uniqueKeysWithValues: try reader.entries(of: folder("inside")).map { ($0.name, $0.kind) })
    #expect(kinds["own.txt"] == .file && kinds["below"] == .directory && kinds["file"] == .link && kinds["pipe"] == .other)
  }

  @Test(arguments: [
    "file", "absolute", "self", "folder/secret", "folder/deep/secret", "folder", "../outside/secret", "below/../own.txt",
  ])
  func `nothing behind a link or outside is opened`(name: String) throws {
    let folder = try makeFolders()
    let reader = try files.confined(to: folder("inside"))
    #expect(throws: FileError.self) { try reader.contents(of: folder("inside/" + name), limit: 100) }
    #expect(throws: FileError.self) { _ = try reader.open(folder("inside/" + name), .read) }
    #expect(throws: FileError.self) { try reader.list(folder("inside/" + name)) }
  }

  @Test func `a pipe is refused without waiting`() throws {
    let folder = try makeFolders()
    let reader = try files.confined(to: folder("inside"))
    #expect(throws: FileError(.open, folder("inside/pipe"), errno: EINVAL)) { try reader.open(folder("inside/pipe"), .read) }
  }

  @Test func `a folder that is exchanged for a link is still the one that was opened`() throws {
    let folder = try makeFolders()
    let reader = try files.confined(to: folder("inside"))
    try files.rename(folder("inside"), to: folder("moved"))
    try #require(symlink("outside", folder("inside")) == 0)
    #expect(throws: FileError.self) { try reader.contents(of: folder("inside/secret"), limit: 100) }
    #expect(try !reader.contents(of: folder("inside/own.txt"), limit: 100).isEmpty)
  }
}
