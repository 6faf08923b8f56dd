import Basics
import Foundation

/// Reads a spec's text from disk, refusing what cannot be one before it is looked at.
package enum SpecFile {
  /// Bytes of the largest spec that is read, and so of one that is written.
  package static let largest = YAMLLimits.fileBytes

  /// The text of the file at `path`: a regular file of at most 1 MiB in UTF-8 without control characters.
  package static func text(at path: String) throws(Diagnostics) -> String {
    try string(from: bytes(at: path), file: path)
  }

  /// The bytes of the file, read without trusting its size.
  private static func bytes(at path: String) throws(Diagnostics) -> [UInt8] {
    // Without blocking: a named pipe must not hang the program.
    let descriptor = path.utf8.contains(0) ? -1 : open(path.systemBytes, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno, path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(errno, path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw Diagnostics("a spec must be a text file, but this is \(kind)", file: path, exitCode: .badData)
    }
    var buffer = [UInt8](repeating: 0, count: YAMLLimits.fileBytes + 1)
    var count = 0
    while count < buffer.count {
      let got = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw failure(errno, path) }
      if got == 0 { break }
      count += got
    }
    guard count <= YAMLLimits.fileBytes else {
      throw Diagnostics("a spec may have 1 MiB at most, but this file is larger", file: path, exitCode: .badData)
    }
    return Array(buffer.prefix(count))
  }

  /// The bytes as text, without a byte order mark, or what is wrong with them.
  package static func string(from bytes: [UInt8], file: String) throws(Diagnostics) -> String {
    let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
      let what = content.contains(0) ? "this is a binary file" : "line \(bad + 1) is not"
      throw Diagnostics("a spec must be UTF-8 text, but \(what)", file: file, exitCode: .badData)
    }
    let isBad = { (scalar: Unicode.Scalar) in scalar.isControl && scalar != "\t" }
    guard text.unicodeScalars.contains(where: { isBad($0) && $0 != "\n" && $0 != "\r" }) else { return text }
    let source = SourceText(file: file, text: text)
    for (index, line) in source.lines.enumerated() {
      for (column, scalar) in line.unicodeScalars.enumerated() where isBad(scalar) {
        let name = "U+" + String(format: "%04X", scalar.value)
        let position = SourcePosition(line: index + 1, column: column + 1)
        throw Diagnostics([source.error("the invisible character \(name) is not allowed in a spec", at: position)])
      }
    }
    return text
  }

  private static func failure(_ code: Int32, _ path: String) -> Diagnostics {
    let isMissing = code == ENOENT || code == ENOTDIR
    let reason = isMissing ? "there is no such file" : "cannot be read: \(String(cString: strerror(code)))"
    return Diagnostics(reason, file: path, exitCode: isMissing ? .inputNotFound : .ioError)
  }
}
