import Basics
import Foundation

/// A safetensors file whose header has been read and checked; tensors are read from the disk when asked for.
package struct SafetensorsFile: Sendable {
  package let path: String
  package let header: SafetensorsHeader
  /// Where the data begins in the file.
  let dataOffset: Int
  let files: any FileSystem

  /// The text stored by key.
  package var metadata: [String: String] { header.metadata }

  /// The tensors' names, in the order of their data.
  package var names: [String] { header.entries.map(\.name) }

  /// Reads the header of the file at `path`. Throws `SafetensorsError` when it is not one, `FileError` when it cannot be read.
  package init(_ path: String, in files: any FileSystem) throws {
    let (json, size) = try Self.headerBytes(path, files)
    do {
      header = try SafetensorsHeader(json: json, fileSize: size)
    } catch {
      throw SafetensorsError(path, error)
    }
    self.path = path
    self.files = files
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
    try files.reading(path) { (file, _) throws(FileError) in
      let count = try files.readFully(into: buffer, from: file, at: dataOffset + entry.range.lowerBound)
      guard count == buffer.count else { throw FileError(.read, path, errno: EIO) }
    }
  }

  private static func headerBytes(_ path: String, _ files: any FileSystem) throws -> (json: [UInt8], fileSize: Int) {
    let (word, size) = try files.reading(path) { (file, size) throws(FileError) in
      (try files.read(SafetensorsHeader.word, from: file, at: 0), size)
    }
    do {
      let length = try SafetensorsHeader.length(word, fileSize: size)
      let json = try files.reading(path) { (file, _) throws(FileError) in
        try files.read(length, from: file, at: SafetensorsHeader.word)
      }
      return (json, size)
    } catch let problem as SafetensorsHeader.Problem {
      throw SafetensorsError(path, problem)
    }
  }
}
