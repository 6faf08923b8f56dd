import Basics
import Foundation
import Runs
import Testing
import TestSupport

@Suite struct CheckpointTests {
  let files = LocalFileSystem()

  private static func checkpoint(_ iteration: Int, elements: Int = 101) -> Checkpoint {
    var random = RandomStream(seed: UInt64(iteration), name: "checkpoint")
    let floats = (0..<elements).map { _ in Float(random.uniform()) }
    return Checkpoint(
      iteration: iteration,
      tensors: [NamedTensor("generator.head", shape: [elements], floats), NamedTensor("order", shape: [2], [Int64(1), 2])],
      state: ["streams": #"{"latent":12}"#, "csv": #"{"metrics.csv":345}"#])
  }

  @Test
  func `a checkpoint comes back with its tensors and its state`() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: 2, in: files)
    try store.save(Self.checkpoint(7))
    let found = try #require(try store.newest { Issue.record("\($0)") })
    #expect(found.iteration == 7)
    #expect(found[state: "streams"] == #"{"latent":12}"#)
    #expect(found[state: "csv"] == #"{"metrics.csv":345}"#)
    #expect(try found.file.floats("generator.head").count == 101)
    #expect(try found.file.integers("order") == [1, 2])
    #expect(try files.list(folder.path) == ["000000007.safetensors"])
  }

  @Test
  func `one content gives one file`() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    for folder in [one, two] { try CheckpointStore(folder.path, keep: 1, in: files).save(Self.checkpoint(3)) }
    let name = CheckpointStore.name(3)
    #expect(try files.contents(of: one(name), limit: 1 << 20) == files.contents(of: two(name), limit: 1 << 20))
  }

  @Test(arguments: 1...3)
  func `the newest stay`(keep: Int) throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: keep, in: files)
    for iteration in [5, 10, 15, 20] { try store.save(Self.checkpoint(iteration)) }
    #expect(try store.iterations() == [5, 10, 15, 20].suffix(keep))
  }

  @Test
  func `a damaged one that is newer is passed over, and does not cost a good one its place`() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: 1, in: files)
    try store.save(Self.checkpoint(5))
    try AtomicFile.write("{}", to: folder(CheckpointStore.name(20)), in: files)
    try AtomicFile.write("", to: folder(CheckpointStore.name(30)), in: files)
    try AtomicFile.write("x", to: folder("notes.txt"), in: files)
    var messages: [String] = []
    #expect(try store.newest { messages.append("\($0)") }?.iteration == 5)
    #expect(messages.count == 2 && messages[0].contains("000000030") && messages[1].contains("000000020"))
    try store.save(Self.checkpoint(10))
    #expect(try store.newest { _ in }?.iteration == 10)
    #expect(try store.iterations() == [10, 20, 30])
  }

  @Test
  func `a file under another iteration's name is not taken`() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: 2, in: files)
    try store.save(Self.checkpoint(5))
    try files.rename(folder(CheckpointStore.name(5)), to: folder(CheckpointStore.name(6)))
    #expect(throws: UnusableFile.self) { try store.open(6) }
  }

  @Test
  func `a checkpoint cut anywhere is refused`() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: 1, in: files)
    try store.save(Self.checkpoint(1))
    let path = folder(CheckpointStore.name(1))
    let size = try #require(try files.status(of: path)).size
    let file = try files.open(path, .append)
    defer { try? files.close(file) }
    for count in (0..<size).reversed() {
      try files.truncate(file, to: count)
      #expect(throws: SafetensorsError.self, "cut at \(count)") { try store.open(1) }
    }
  }

  @Test
  func `every single flipped bit is noticed, in the header as in the data`() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: 1, in: files)
    try store.save(Self.checkpoint(1, elements: 11))
    let path = folder(CheckpointStore.name(1))
    let bytes = try files.contents(of: path, limit: 1 << 20)
    let descriptor = try #require(fopen(path, "r+b"))
    defer { fclose(descriptor) }
    for bit in 0..<bytes.count * 8 {
      fseek(descriptor, bit / 8, SEEK_SET)
      fputc(Int32(bytes[bit / 8] ^ (1 << (bit % 8))), descriptor)
      fflush(descriptor)
      #expect(throws: (any Error).self, "bit \(bit)") { try store.open(1) }
      fseek(descriptor, bit / 8, SEEK_SET)
      fputc(Int32(bytes[bit / 8]), descriptor)
      fflush(descriptor)
    }
    #expect(try store.open(1).iteration == 1)
  }

  @Test
  func `whatever call fails, and whether it fails once or always, a good checkpoint remains`() throws {
    for forever in [false, true] {
      var call = 0
      while true {
        call += 1
        let folder = try TemporaryFolder()
        try CheckpointStore(folder.path, keep: 1, in: files).save(Self.checkpoint(5))
        let faulty = FaultyFileSystem(failing: call, forever: forever, errno: ENOSPC)
        let result = Result { try CheckpointStore(folder.path, keep: 1, in: faulty).save(Self.checkpoint(10)) }
        let found = try #require(try CheckpointStore(folder.path, keep: 1, in: files).newest { _ in }, "call \(call)")
        #expect(found.iteration == 5 || found.iteration == 10)
        if (try? result.get()) != nil { #expect(found.iteration == 10, "call \(call)") }
        if faulty.calls < call { break }
      }
      #expect(call > 10)
    }
  }
}
