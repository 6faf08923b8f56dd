import Basics
import Foundation
import Runs
import Testing
import TestSupport

/// A checkpoint that a disk, a copy or somebody changed is never taken for one, and the older one takes its place.
@Suite struct HostileCheckpointTests {
  let files = LocalFileSystem()
  private static let (older, newer) = (5, 10)

  /// A folder with two checkpoints of about 70 KB.
  private func checkpoints() throws -> (folder: TemporaryFolder, store: CheckpointStore, bytes: [UInt8]) {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.path, keep: 2, in: files)
    for iteration in [Self.older, Self.newer] {
      var random = RandomStream(seed: UInt64(iteration), name: "weights")
      let weights = (0..<17_011).map { _ in Float(random.uniform()) }
      try store.save(
        Checkpoint(
          iteration: iteration,
          tensors: [NamedTensor("generator.head", shape: [17_011], weights), NamedTensor("order", shape: [2], [Int64(1), 2])],
          state: ["training": #"{"iteration":5}"#]))
    }
    return (folder, store, try files.contents(of: folder(CheckpointStore.name(Self.newer)), limit: 1 << 20))
  }

  @Test
  func `1,000 flipped bits are noticed one by one, and the older checkpoint is used`() throws {
    let (folder, store, bytes) = try checkpoints()
    let file = try #require(fopen(folder(CheckpointStore.name(Self.newer)), "r+b"))
    defer { fclose(file) }
    func put(_ byte: UInt8, at position: Int) {
      fseek(file, position, SEEK_SET)
      fputc(Int32(byte), file)
      fflush(file)
    }
    var random = RandomStream(seed: 1, name: "flips")
    for _ in 0..<1_000 {
      let (position, bit) = (random.below(bytes.count), random.below(8))
      put(bytes[position] ^ (1 << bit), at: position)
      var complaints = 0
      #expect(try store.newest { _ in complaints += 1 }?.iteration == Self.older, "bit \(bit) of byte \(position)")
      #expect(complaints == 1)
      put(bytes[position], at: position)
    }
    #expect(try store.newest { _ in }?.iteration == Self.newer)
  }

  @Test
  func `every truncation at a KiB and 0, 1, 7, 8 or 9 bytes after it is noticed, and the older checkpoint is used`() throws {
    let (folder, store, bytes) = try checkpoints()
    let path = folder(CheckpointStore.name(Self.newer))
    let counts = stride(from: 0, to: bytes.count, by: 1024).flatMap { start in [0, 1, 7, 8, 9].map { start + $0 } }
    for count in counts.filter({ $0 < bytes.count }).reversed() {
      try #require(truncate(path, off_t(count)) == 0)
      var complaints = 0
      #expect(try store.newest { _ in complaints += 1 }?.iteration == Self.older, "cut at \(count)")
      #expect(complaints == 1)
    }
  }

  @Test
  func `bytes after the end are noticed`() throws {
    let (folder, store, _) = try checkpoints()
    let file = try files.open(folder(CheckpointStore.name(Self.newer)), .append)
    try files.writeAll([0], to: file)
    try files.close(file)
    #expect(try store.newest { _ in }?.iteration == Self.older)
  }

  @Test
  func `a checkpoint that is a folder, a pipe, a device or a link to itself is passed over without waiting`() throws {
    let (folder, store, _) = try checkpoints()
    let name = { folder(CheckpointStore.name($0)) }
    try files.createDirectory(name(11))
    try #require(mkfifo(name(12), 0o600) == 0)
    try #require(symlink("/dev/zero", name(13)) == 0)
    try #require(symlink(name(14), name(14)) == 0)
    var messages: [String] = []
    let found = try store.newest { messages.append("\($0)") }
    #expect(found?.iteration == Self.newer)
    #expect(messages.count == 4)
    #expect(messages.filter { $0.contains("not a regular file") || $0.contains("EINVAL") }.count == 3, "\(messages)")
  }

  @Test(arguments: ["9223372036854775807", "1000000000001", "-00000001"])
  func `a name whose number no schedule reaches is not ours`(number: String) throws {
    let (folder, store, _) = try checkpoints()
    try AtomicFile.write("x", to: folder("\(number).safetensors"), in: files)
    #expect(try store.iterations() == [Self.older, Self.newer])
  }
}
