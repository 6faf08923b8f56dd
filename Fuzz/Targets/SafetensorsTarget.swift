import Basics
import Runs

/// Safetensors files, and the same bytes as a run's checkpoint.
enum SafetensorsTarget {
  private static let path = "checkpoints/000000005.safetensors"

  /// Tensors of a file that is read lie inside it, and come back from what is written of them.
  static func run(_ bytes: [UInt8]) throws {
    let files = MemoryFileSystem([path: bytes])
    _ = try CheckpointStore("checkpoints", keep: 1, in: files).newest { _ in }
    guard let file = try? SafetensorsFile(path, in: files) else { return }
    var tensors: [NamedTensor] = []
    for entry in file.header.entries {
      try BrokenLaw.unless(entry.range.upperBound <= bytes.count, "'\(entry.name)' is inside the file")
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: entry.range.count, alignment: 16)
      try file.read(entry.name, entry.type, shape: entry.shape, into: memory)
      tensors.append(NamedTensor(entry.name, entry.type, shape: entry.shape, memory: UnsafeRawBufferPointer(memory)))
    }
    defer { for case .memory(let memory) in tensors.map(\.elements) { memory.deallocate() } }
    let written = Safetensors.encoded(tensors, metadata: file.metadata)
    let again = try? SafetensorsFile("again", in: MemoryFileSystem(["again": written]))
    try BrokenLaw.unless(again?.metadata == file.metadata, "the metadata come back")
    let described = { (file: SafetensorsFile) in Set(file.header.entries.map { "\($0.name) \($0.type) \($0.shape)" }) }
    try BrokenLaw.unless(again.map(described) == described(file), "the tensors come back")
  }
}
