import Basics
import Spec

/// What one thread needs to read many runs: memory that files are read into, piece by piece, and what runs have in common.
final class ReadBuffer {
  /// Bytes of a piece: small enough for the processor's cache, large enough that calls do not count.
  static let capacity = 256 << 10
  /// Bytes behind a piece that may be looked at, a word at a time.
  private static let slack = 16

  /// Where the piece is.
  let start: UnsafeMutablePointer<UInt8>
  /// Settings that specs share.
  let specs = SpecSettingsReader()
  /// Texts that manifests share.
  let texts = SharedTexts()
  /// Headers that tables share.
  let headers = KnownHeaders()

  init() {
    start = .allocate(capacity: Self.capacity + Self.slack)
    start.initialize(repeating: 0, count: Self.capacity + Self.slack)
  }

  deinit { start.deallocate() }

  /// The bytes of `range` of a file, as far as it has them; valid until the next call.
  func read(_ range: Range<Int>, of file: OpenFile, _ files: any FileSystem) throws(FileError) -> UnsafeBufferPointer<UInt8> {
    precondition(range.count <= Self.capacity, "a piece of \(range.count) bytes does not fit")
    let piece = UnsafeMutableRawBufferPointer(start: start, count: range.count)
    let count = try files.readFully(into: piece, from: file, at: range.lowerBound)
    return UnsafeBufferPointer(start: start, count: count)
  }
}
