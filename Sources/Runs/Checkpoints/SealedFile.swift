import Basics
import Foundation

/// Safetensors files that carry the SHA-256 of themselves in their metadata, so that a reader notices every changed bit
/// while any other safetensors reader opens them as well.
///
/// The digest is that of the whole file with the 64 digits of `sha256` in the header replaced by zeros.
package enum SealedFile {
  package static let key = "sha256"
  private static let blank = String(repeating: "0", count: 64)
  /// Bytes that are hashed at a time.
  private static let chunk = 1 << 20

  /// Puts a sealed file at `path`, whole and durable or not at all.
  package static func write(
    _ tensors: [NamedTensor], metadata: [String: String], to path: String, in files: any FileSystem
  ) throws(FileError) {
    precondition(metadata[key] == nil, "'\(key)' is the seal's own key")
    var sealed = metadata
    sealed[key] = blank
    var hash = SHA256()
    Safetensors.stream(tensors, metadata: sealed) { piece in
      hash.update(piece)
      return true
    }
    sealed[key] = hash.finish()
    try Safetensors.write(tensors, metadata: sealed, to: path, in: files)
  }

  /// Opens the file at `path` after reading all of it against its digest. Throws `SafetensorsError` when it does not match.
  package static func open(_ path: String, in files: any FileSystem) throws -> SafetensorsFile {
    let file = try SafetensorsFile(path, in: files)
    guard let digest = file.metadata[key], digest == (try Self.digest(file)) else { throw SafetensorsError(path, .digest) }
    return file
  }

  /// The digest that the file should carry, or nil when its header has no place for one.
  private static func digest(_ file: SafetensorsFile) throws(FileError) -> String? {
    var head = try file.bytes(file.dataOffset, at: 0)
    guard let place = seal(in: head) else { return nil }
    head.replaceSubrange(place, with: blank.utf8)
    var hash = SHA256()
    hash.update(head)
    var offset = file.dataOffset
    while true {
      let bytes = try file.bytes(chunk, at: offset)
      if bytes.isEmpty { return hash.finish() }
      hash.update(bytes)
      offset += bytes.count
    }
  }

  /// Where the digits stand in the header as our writer spells it.
  private static func seal(in head: [UInt8]) -> Range<Int>? {
    let data = Data(head)
    guard let opening = data.range(of: Data("\"\(key)\":\"".utf8)) else { return nil }
    let digits = opening.upperBound..<opening.upperBound + blank.utf8.count
    return digits.upperBound <= head.count ? digits : nil
  }
}
