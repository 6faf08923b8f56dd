import Basics

/// Writes safetensors files: an eight-byte length, a JSON header, then the tensors one after the other.
package enum Safetensors {
  /// Puts the file at `path`, whole and durable or not at all. The order of tensors and keys follows from their names and
  /// types alone, so the same content gives the same bytes.
  package static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], to path: String, in files: any FileSystem
  ) throws(FileError) {
    try AtomicFile.write(to: path, in: files) { (file) throws(FileError) in
      var outcome = Result<Void, FileError>.success(())
      stream(tensors, metadata: metadata) { piece in
        outcome = Result { () throws(FileError) in try files.writeAll(piece, to: file) }
        return (try? outcome.get()) != nil
      }
      try outcome.get()
    }
  }

  /// The file as bytes in memory.
  package static func encoded(_ tensors: [NamedTensor], metadata: [String: String] = [:]) -> [UInt8] {
    var bytes: [UInt8] = []
    stream(tensors, metadata: metadata) { piece in
      bytes.append(contentsOf: piece)
      return true
    }
    return bytes
  }

  /// Gives the file's bytes to `sink` piece by piece, a tensor each, until it returns false.
  static func stream(
    _ tensors: [NamedTensor], metadata: [String: String], _ sink: (UnsafeRawBufferPointer) -> Bool
  ) {
    let header = SafetensorsHeader(tensors, metadata: metadata)
    guard header.encoded.withUnsafeBytes(sink) else { return }
    for tensor in SafetensorsHeader.ordered(tensors) {
      guard tensor.withBytes(sink) else { return }
    }
  }
}
