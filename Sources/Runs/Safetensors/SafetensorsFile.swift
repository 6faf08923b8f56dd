import Basics
import Foundation

/// A safetensors file whose header has been read and checked; tensors are read from the disk when asked for. The file stays open:
/// what is read is of one file, even if that is removed or replaced in the meantime.
package struct SafetensorsFile: Sendable {
  package let path: String
  package let header: SafetensorsHeader
  /// Where the data begins in the file.
  let dataOffset: Int
  private let held: HeldFile

  /// The text stored by key.
  package var metadata: [String: String] { header.metadata }

  /// The tensors' names, in the order of their data.
  package var names: [String] { header.entries.map(\.name) }

  /// Reads the header of the file at `path`. Throws `SafetensorsError` when it is not one, `FileError` when it cannot be read.
  package init(_ path: String, in files: any FileSystem) throws {
    held = try HeldFile(path, files)
    let json: [UInt8]
    do {
      let word = try held.read(SafetensorsHeader.word, at: 0)
      json = try held.read(try SafetensorsHeader.length(word, fileSize: held.size), at: SafetensorsHeader.word)
      header = try SafetensorsHeader(json: json, fileSize: held.size)
    } catch let problem as SafetensorsHeader.Problem {
      throw SafetensorsError(path, problem)
    }
    self.path = path
    dataOffset = SafetensorsHeader.word + json.count
  }

  /// Fills `buffer`, which must have the tensor's size, with the elements of the tensor of this name, type and shape.
  package func read(
    _ name: String, _ type: TensorType, shape: [Int], into buffer: UnsafeMutableRawBufferPointer
  ) throws {
    let entry = try entry(name, type)
    guard entry.shape == shape else {
      throw SafetensorsError(path, .wrongKind(tensor: name, found: "of shape \(entry.shape)", expected: "\(shape)"))
    }
    precondition(buffer.count == entry.range.count, "\(buffer.count) bytes for '\(name)' of \(entry.range.count)")
    try fill(buffer, entry)
  }

  /// The elements of an F32 tensor.
  package func floats(_ name: String) throws -> [Float] { try elements(name, .float32, zero: 0) }

  /// The elements of an I64 tensor.
  package func integers(_ name: String) throws -> [Int64] { try elements(name, .int64, zero: 0) }

  /// The elements of a U8 tensor.
  package func bytes(_ name: String) throws -> [UInt8] { try elements(name, .uint8, zero: 0) }

  /// The shape of a tensor.
  package func shape(_ name: String) throws -> [Int] {
    guard let entry = header[name] else { throw SafetensorsError(path, .missing(tensor: name)) }
    return entry.shape
  }

  private func elements<Element>(_ name: String, _ type: TensorType, zero: Element) throws -> [Element] {
    let entry = try entry(name, type)
    var elements = [Element](repeating: zero, count: entry.range.count / type.size)
    try elements.withUnsafeMutableBytes { try fill($0, entry) }
    return elements
  }

  private func entry(_ name: String, _ type: TensorType) throws -> SafetensorsHeader.Entry {
    guard let entry = header[name] else { throw SafetensorsError(path, .missing(tensor: name)) }
    guard entry.type == type else {
      throw SafetensorsError(path, .wrongKind(tensor: name, found: entry.type.rawValue, expected: type.rawValue))
    }
    return entry
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, _ entry: SafetensorsHeader.Entry) throws(FileError) {
    let count = try held.files.readFully(into: buffer, from: held.file, at: dataOffset + entry.range.lowerBound)
    guard count == buffer.count else { throw FileError(.read, path, errno: EIO) }
  }

  /// Up to `count` bytes of the whole file from `offset` on.
  func bytes(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] { try held.read(count, at: offset) }
}

/// A file that is open for reading until it is no longer needed.
private final class HeldFile: Sendable {
  let file: OpenFile
  /// Bytes when it was opened.
  let size: Int
  let files: any FileSystem

  init(_ path: String, _ files: any FileSystem) throws(FileError) {
    // A folder or a pipe is not opened at all.
    guard let status = try files.status(of: path) else { throw FileError(.open, path, errno: ENOENT) }
    guard status.kind == .file else { throw FileError(.open, path, errno: status.kind == .link ? ELOOP : EINVAL) }
    file = try files.open(path, .read)
    self.files = files
    do throws(FileError) {
      size = try files.status(of: file).size
    } catch {
      try? files.close(file)
      throw error
    }
  }

  deinit { try? files.close(file) }

  func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] { try files.read(count, from: file, at: offset) }
}
