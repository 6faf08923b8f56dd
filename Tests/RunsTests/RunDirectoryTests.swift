import Basics
import Foundation
import Runs
import Testing
import TestSupport

@Suite struct RunDirectoryTests {
  let files = LocalFileSystem()

  @Test
  func `names are letters, digits, dots, dashes and underscores, and begin with one of the first two`() {
    for name in ["a", "mel-icon", "0.1_x", String(repeating: "x", count: 64)] { #expect(RunName(name) != nil, "\(name)") }
    let refused = ["", ".", "..", "../x", "a/b", "-rf", "_x", "a b", "a\0", "é", "a\n", "~", String(repeating: "x", count: 65)]
    for name in refused { #expect(RunName(name) == nil, "\(name)") }
  }

  @Test(arguments: [(1, "v001"), (42, "v042"), (999, "v999"), (1000, "v1000")])
  func `versions are written with three digits or more, and read back only so`(number: Int, folder: String) {
    #expect(RunVersion(number).description == folder)
    #expect(RunVersion(folder: folder)?.number == number)
  }

  @Test(arguments: [
    "v1", "v0001", "v000", "001", "v-01", "v+01", "v00a", "v", "w001", "v99999999999999999999",
    "v9223372036854775807", "v1000000000", "v\u{661}\u{661}\u{661}", "v001\n", "v001 ",
  ])
  func `other folders are no versions`(folder: String) {
    #expect(RunVersion(folder: folder) == nil)
  }

  @Test
  func `the next version follows the highest one, whatever else is there`() throws {
    let folder = try TemporaryFolder()
    let name = try #require(RunName("a"))
    let runs = folder("runs")
    #expect(try RunDirectory.take(name, in: runs, files).version.number == 1)
    try files.createDirectory(runs + "/a/v007")
    try files.createDirectory(runs + "/a/other")
    let (run, version) = try RunDirectory.take(name, in: runs, files)
    #expect(version.number == 8)
    #expect(run.path == runs + "/a/v008")
    #expect(try files.list(run.path) == ["checkpoints", "samples"])
  }

  @Test
  func `a folder with the highest number there is does not stop the next version`() throws {
    let folder = try TemporaryFolder()
    try files.createDirectories(folder("runs/a/v9223372036854775807"))
    #expect(try RunDirectory.take(try #require(RunName("a")), in: folder("runs"), files).version.number == 1)
  }

  @Test
  func `a lock that is a link or a pipe is not opened`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("untouched", to: folder("elsewhere"), in: files)
    let (linked, piped) = (try RunDirectory.take(folder("a"), files), try RunDirectory.take(folder("b"), files))
    try #require(symlink(folder("elsewhere"), linked.lock) == 0)
    try #require(mkfifo(piped.lock, 0o600) == 0)
    #expect(throws: FileError(.open, linked.lock, errno: ELOOP)) { try RunLock(linked, files) }
    #expect(throws: FileError(.open, piped.lock, errno: ENXIO)) { try RunLock(piped, files) }
    #expect(try files.contents(of: folder("elsewhere"), limit: 99) == Array("untouched".utf8))
  }

  @Test
  func `twenty who take a version at once get twenty versions`() async throws {
    let folder = try TemporaryFolder()
    let name = try #require(RunName("race"))
    let runs = folder("runs")
    let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try RunDirectory.take(name, in: runs, LocalFileSystem()).version.number } }
      var numbers: [Int] = []
      for try await number in group { numbers.append(number) }
      return numbers
    }
    #expect(numbers.sorted() == Array(1...20))
  }

  @Test
  func `files have the documented paths`() {
    let run = RunDirectory("runs/a/v001")
    #expect(run.sample(500) == "runs/a/v001/samples/000500.png")
    #expect(run.checkpoint(7500) == "runs/a/v001/checkpoints/000007500.safetensors")
    let all = [
      run.spec, run.source, run.overrides, run.manifest, run.metrics, run.timing, run.phases, run.evaluations, run.events,
      run.dataset, run.generator, run.log, run.lock,
    ]
    #expect(
      all.map { Path.name(of: $0) } == [
        "spec.yaml", "source.yaml", "overrides.txt", "run.json", "metrics.csv", "timing.csv", "phases.csv", "evaluations.csv",
        "events.csv", "dataset.csv", "generator.safetensors", "log.txt", ".lock",
      ])
    #expect(all.allSatisfy { Path.parent(of: $0) == run.path })
  }

  @Test
  func `the user's file is kept byte for byte, and overrides only when there are any`() throws {
    let folder = try TemporaryFolder()
    let source: [UInt8] = [0xef, 0xbb, 0xbf, 0x61, 0x3a, 0x0d, 0x0a, 0xff]
    let plain = try RunDirectory.take(folder("a"), files)
    try plain.writeSources(spec: "a: 1\n", source: source, overrides: [], files)
    #expect(try files.contents(of: plain.source, limit: 99) == source)
    #expect(try files.contents(of: plain.spec, limit: 99) == Array("a: 1\n".utf8))
    #expect(try files.status(of: plain.overrides) == nil)
    let changed = try RunDirectory.take(folder("b"), files)
    try changed.writeSources(spec: "a: 1\n", source: source, overrides: ["a=1", "~b"], files)
    #expect(try files.contents(of: changed.overrides, limit: 99) == Array("a=1\n~b\n".utf8))
  }

  @Test
  func `what killed processes left is swept from all folders`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    for path in [run.spec, run.sample(1), run.checkpoint(1)] {
      try AtomicFile.write("x", to: path, in: files)
      try AtomicFile.write("x", to: Path.parent(of: path) + "/" + AtomicFile.mark + "99-1-" + Path.name(of: path), in: files)
    }
    try run.sweepTemporaries(files)
    #expect(try files.list(run.path) == ["checkpoints", "samples", "spec.yaml"])
    #expect(try files.list(run.samples) == ["000001.png"])
    #expect(try files.list(run.checkpoints) == ["000000001.safetensors"])
  }

  @Test
  func `a second holder is refused with the first one's name, and let in when that is gone`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    #expect(try !RunLock.isHeld(run, files))
    var first: RunLock? = try RunLock(run, files)
    #expect(try RunLock.isHeld(run, files))
    let busy = #expect(throws: RunLock.Busy.self) { try RunLock(run, files) }
    #expect(busy?.holder.hasPrefix("process \(getpid()) on ") == true)
    #expect(first != nil)
    first = nil
    #expect(try !RunLock.isHeld(run, files))
    withExtendedLifetime(try RunLock(run, files)) {}
  }

  @Test
  func `a lock is its owner's alone, also one of before`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    try AtomicFile.write("process 1 on vm", to: run.lock, in: files)
    chmod(run.lock, 0o666)
    let lock = try RunLock(run, files)
    var status = stat()
    try #require(stat(run.lock, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    withExtendedLifetime(lock) {}
  }

  @Test
  func `who holds a lock is told as the kernel knows it, not as the file says`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    let lock = try RunLock(run, files)
    let file = try files.open(run.lock, .append)
    try files.truncate(file, to: 0)
    try files.writeAll(Array("process 1 on elsewhere\n".utf8), to: file)
    try files.close(file)
    #expect(FileLock.words(in: run.lock, files).hasPrefix("process \(getpid()) on "))
    #expect(try FileLock.holder(of: run.lock, files) == getpid())
    withExtendedLifetime(lock) {}
  }

  @Test
  func `a lock whose file is removed while it is waited for is not the lock of anything`() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    let system = LateRemoval(path: run.lock)
    let lock = try RunLock(run, system)
    #expect(try files.status(of: run.lock) != nil)
    #expect(try RunLock.isHeld(run, files))
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: ["removed", "replaced", "a link"])
  func `nothing is written once the lock's file is gone or another one`(fate: String) throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    let confined = try files.confined(to: run.path)
    let lock = try RunLock(run, confined)
    try AtomicFile.write("a", to: run.spec, in: confined)
    let log = try CSVLog(creating: run.metrics, columns: ["x"], in: confined)
    try files.remove(run.lock)
    var other: RunLock?
    if fate == "replaced" { other = try RunLock(run, files) }
    if fate == "a link" { try #require(symlink(run.spec, run.lock) == 0) }
    let lost = FileError(.lock, run.lock, errno: ESTALE)
    #expect(throws: lost) { try AtomicFile.write("b", to: run.spec, in: confined) }
    #expect(throws: lost) { try log.append([.integer(1)]) }
    #expect(lost.exitCode == .ioError)
    #expect(try files.contents(of: run.spec, limit: 9) == Array("a".utf8))
    #expect(try files.contents(of: run.metrics, limit: 99) == Array("x\n".utf8))
    withExtendedLifetime((lock, other)) {}
  }

  @Test
  func `a directory in which nothing was begun goes again; what a run has begun or somebody has put there stays`() throws {
    let folder = try TemporaryFolder()
    let empty = try RunDirectory.take(folder("a"), files)
    _ = try RunLock(empty, files)
    try empty.writeSources(spec: "a", source: [1], overrides: ["a=1"], files)
    try AtomicFile.write("x", to: empty.dataset, in: files)
    empty.abandon(files)
    #expect(try files.status(of: empty.path) == nil)
    let begun = try RunDirectory.take(folder("b"), files)
    try AtomicFile.write("{}", to: begun.manifest, in: files)
    begun.abandon(files)
    #expect(try files.list(begun.path) == ["checkpoints", "run.json", "samples"])
    let used = try RunDirectory.take(folder("c"), files)
    try AtomicFile.write("mine", to: used.path + "/notes.txt", in: files)
    used.abandon(files)
    #expect(try files.list(used.path) == ["notes.txt"])
  }

  @Test
  func `no version is taken behind a link in the folder of runs`() throws {
    let folder = try TemporaryFolder()
    try files.createDirectories(folder("elsewhere"))
    try files.createDirectories(folder("runs"))
    try #require(symlink(folder("elsewhere"), folder("runs/a")) == 0)
    #expect(throws: FileError(.createDirectory, folder("runs/a"), errno: ELOOP)) {
      try RunDirectory.take(try #require(RunName("a")), in: folder("runs"), files)
    }
    #expect(try files.list(folder("elsewhere")) == [])
  }

  @Test
  func `of many who lock at once one succeeds`() async throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.take(folder("a"), files)
    let locks = await withTaskGroup(of: RunLock?.self) { group in
      for _ in 0..<8 { group.addTask { try? RunLock(run, LocalFileSystem()) } }
      var locks: [RunLock] = []
      for await lock in group { if let lock { locks.append(lock) } }
      return locks
    }
    #expect(locks.count == 1)
  }

  @Test func `a run after the highest version is refused in words, and none is made that nobody can list`() throws {
    let folder = try TemporaryFolder()
    let name = try #require(RunName("a"))
    let files = LocalFileSystem()
    try files.createDirectories(folder.path + "/a/v999999998")
    #expect(try RunDirectory.take(name, in: folder.path, files).version.number == RunVersion.highest)
    #expect(throws: RunVersion.Exhausted.self) {
      try RunDirectory.take(name, in: folder.path, files)
    }
    #expect(try files.list(folder.path + "/a") == ["v999999998", "v999999999"])
  }
}
