import Basics
import Foundation
import Testing
import TestSupport

@Suite struct FileTests {
  let files = LocalFileSystem()

  @Test
  func `an atomic file appears whole, replaces an older one and leaves nothing beside it`() throws {
    let folder = try TemporaryFolder()
    let path = folder("a.txt")
    try AtomicFile.write("one", to: path, in: files)
    try AtomicFile.write("two", to: path, in: files)
    #expect(try files.contents(of: path, limit: 3) == Array("two".utf8))
    #expect(try files.list(folder.path) == ["a.txt"])
  }

  @Test
  func `when writing fails, the older file stays and the temporary one goes`() throws {
    let folder = try TemporaryFolder()
    let path = folder("a.txt")
    try AtomicFile.write("one", to: path, in: files)
    #expect(throws: FileError(.write, path, errno: ENOSPC)) {
      try AtomicFile.write(to: path, in: files) { (file) throws(FileError) in
        try files.writeAll(Array("tw".utf8), to: file)
        throw FileError(.write, path, errno: ENOSPC)
      }
    }
    #expect(try files.contents(of: path, limit: 3) == Array("one".utf8))
    #expect(try files.list(folder.path) == ["a.txt"])
  }

  @Test(arguments: ["é", " ", "\n", "x"])
  func `a name of 255 bytes can be written, with spaces, line breaks and accents too`(filler: String) throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: filler, count: 255 / filler.utf8.count)
    try AtomicFile.write("x", to: folder(name), in: files)
    #expect(try files.list(folder.path) == [name])
  }

  @Test
  func `only temporary files are swept`() throws {
    let folder = try TemporaryFolder()
    let own = AtomicFile.mark + "12-3-a.csv"
    let others = [
      "a.csv", "a.csv.tmp-12-3", "notes.tmp-2026-11-25", AtomicFile.mark, AtomicFile.mark + "x-3-a.csv", AtomicFile.mark + "12-3-",
      AtomicFile.mark + "12-a.csv", "x" + own,
    ]
    for name in others + [own] { try AtomicFile.write("x", to: folder(name), in: files) }
    try files.createDirectory(folder(own + ".folder"))
    try #require(symlink(folder("a.csv"), folder(own + ".link")) == 0)
    let confined = try files.confined(to: folder.path)
    try AtomicFile.sweep(folder.path, in: confined)
    #expect(Set(try files.list(folder.path)) == Set(others + [own + ".folder", own + ".link"]))
  }

  @Test
  func `a directory is made once`() throws {
    let folder = try TemporaryFolder()
    try files.createDirectory(folder("d"))
    #expect(throws: FileError(.createDirectory, folder("d"), errno: EEXIST)) { try files.createDirectory(folder("d")) }
    try files.createDirectories(folder("d/e/f"))
    try files.createDirectories(folder("d/e/f"))
    #expect(try files.status(of: folder("d/e/f"))?.kind == .directory)
  }

  @Test
  func `errors carry what was tried, where and why, and say it in a sentence`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileError.self) { try files.contents(of: folder("none"), limit: 1) }
    #expect(error == FileError(.open, folder("none"), errno: ENOENT))
    #expect(error?.description == "cannot open '\(folder("none"))': No such file or directory")
    #expect(error?.isNotFound == true)
    #expect(error?.diagnostics.exitCode == .inputNotFound)
    #expect(FileError(.createDirectory, "x", errno: EACCES).exitCode == .cannotCreate)
    #expect(FileError(.write, "x", errno: ENOSPC).exitCode == .ioError)
    #expect(try files.status(of: folder("none")) == nil)
  }

  @Test
  func `a file beyond the limit is not read; a directory or a pipe is no file and does not block`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("1234", to: folder("a"), in: files)
    try #require(mkfifo(folder("pipe"), 0o600) == 0)
    #expect(throws: FileError(.read, folder("a"), errno: EFBIG)) { try files.contents(of: folder("a"), limit: 3) }
    #expect(throws: FileError(.open, folder("pipe"), errno: EINVAL)) { try files.contents(of: folder("pipe"), limit: 3) }
    #expect(throws: FileError(.open, folder.path, errno: EINVAL)) { try files.contents(of: folder.path, limit: 3) }
  }

  @Test
  func `appending does not follow a link, which could lead out of a run's folder`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("untouched", to: folder("elsewhere"), in: files)
    try #require(symlink(folder("elsewhere"), folder("metrics.csv")) == 0)
    #expect(throws: FileError(.open, folder("metrics.csv"), errno: ELOOP)) { try files.open(folder("metrics.csv"), .append) }
    #expect(throws: FileError(.create, folder("metrics.csv"), errno: EEXIST)) { try files.open(folder("metrics.csv"), .createNew) }
    #expect(try files.contents(of: folder("elsewhere"), limit: 99) == Array("untouched".utf8))
  }

  @Test
  func `a link to itself is an error, not a wait`() throws {
    let folder = try TemporaryFolder()
    try #require(symlink(folder("loop"), folder("loop")) == 0)
    #expect(throws: FileError(.examine, folder("loop"), errno: ELOOP)) { try files.contents(of: folder("loop"), limit: 9) }
    #expect(throws: FileError(.open, "/dev/zero", errno: EINVAL)) { try files.contents(of: "/dev/zero", limit: 9) }
  }

  @Test
  func `a full disk is an error with its reason`() throws {
    let file = try files.open("/dev/full", .append)
    defer { try? files.close(file) }
    #expect(throws: FileError(.write, "/dev/full", errno: ENOSPC)) { try files.writeAll([1], to: file) }
  }

  @Test
  func `the tail of a file is its last bytes`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("12345", to: folder("a"), in: files)
    let part = try files.tail(of: folder("a"), count: 2)
    #expect(part.bytes == Array("45".utf8) && !part.isWhole)
    let whole = try files.tail(of: folder("a"), count: 9)
    #expect(whole.bytes == Array("12345".utf8) && whole.isWhole)
  }

  @Test(arguments: [("a/b", "a", "b"), ("a", ".", "a"), ("/a", "/", "a"), ("/", "/", ""), ("a/b/", "a", "b"), ("./a", ".", "a")])
  func `paths come apart at their slashes`(path: String, parent: String, name: String) {
    #expect(Path.parent(of: path) == parent)
    #expect(Path.name(of: path) == name)
  }

  @Test
  func `a lock has one holder, and closing gives it back`() throws {
    let folder = try TemporaryFolder()
    let first = try files.open(folder("l"), .append)
    let second = try files.open(folder("l"), .append)
    defer { try? files.close(second) }
    #expect(try files.lock(first, shared: false))
    #expect(try !files.lock(second, shared: false))
    #expect(try !files.lock(second, shared: true))
    try files.close(first)
    #expect(try files.lock(second, shared: false))
  }
}
