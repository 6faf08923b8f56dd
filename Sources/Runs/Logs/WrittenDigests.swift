import Basics

/// What was written to a file, as digests of its pieces: enough to know whether the file still has it, in 32 bytes for each MiB.
struct WrittenDigests {
  /// Bytes of a piece.
  private static let piece = 1 << 20

  /// Those of whole pieces.
  private var digests: [[UInt8]] = []
  /// What is behind the last whole piece.
  private var tail: [UInt8] = []

  /// Nothing is written yet.
  init() {}

  /// The first `count` bytes of the file at `path` are taken for what was written.
  init(first count: Int, of path: String, _ files: any FileSystem) throws(FileError) {
    for offset in stride(from: 0, to: count, by: Self.piece) {
      append(try Self.bytes(offset..<min(count, offset + Self.piece), of: path, files))
    }
  }

  /// Adds what is written.
  mutating func append(_ bytes: some Collection<UInt8>) {
    tail.append(contentsOf: bytes)
    var start = 0
    while tail.count - start >= Self.piece {
      digests.append(Self.digest(tail[start..<start + Self.piece]))
      start += Self.piece
    }
    tail.removeFirst(start)
  }

  /// Forgets what was written behind the first `count` bytes. False, and nothing is forgotten, when the file at `path` does not have the
  /// piece that is cut through.
  mutating func cut(to count: Int, _ path: String, _ files: any FileSystem) throws(FileError) -> Bool {
    let whole = count / Self.piece
    guard whole < digests.count else {
      tail.removeLast(digests.count * Self.piece + tail.count - count)
      return true
    }
    let bytes = try Self.bytes(whole * Self.piece..<(whole + 1) * Self.piece, of: path, files)
    guard Self.digest(bytes[...]) == digests[whole] else { return false }
    digests.removeLast(digests.count - whole)
    tail = Array(bytes[..<(count - whole * Self.piece)])
    return true
  }

  /// Whether the file at `path` begins with all that was written.
  func match(_ path: String, _ files: any FileSystem) throws(FileError) -> Bool {
    for (number, digest) in digests.enumerated() {
      let bytes = try Self.bytes(number * Self.piece..<(number + 1) * Self.piece, of: path, files)
      guard Self.digest(bytes[...]) == digest else { return false }
    }
    let start = digests.count * Self.piece
    return try Self.bytes(start..<start + tail.count, of: path, files) == tail
  }

  private static func bytes(_ range: Range<Int>, of path: String, _ files: any FileSystem) throws(FileError) -> [UInt8] {
    try files.reading(path) { (file, _) throws(FileError) in try files.read(range.count, from: file, at: range.lowerBound) }
  }

  private static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] { bytes.withUnsafeBytes { Digest.bytes(of: $0) } }
}
