/// What one thread needs to read many tables: memory that files are read into, piece by piece, and headers that they have in common.
package final class TableBuffer {
  /// Bytes behind a piece that may be looked at, a word at a time.
  private static let slack = 16

  /// Bytes of the largest piece.
  let capacity: Int
  package let headers = KnownHeaders()
  private var memory: UnsafeMutablePointer<UInt8>?

  /// - Parameter capacity: bytes of a piece; by default few enough for the processor's cache, and so many that calls do not count.
  package init(capacity: Int = 256 << 10) { self.capacity = capacity }

  deinit { memory?.deallocate() }

  /// The bytes of `range` of a file, as far as it has them; valid until the next call.
  func read(_ range: Range<Int>, of file: OpenFile, _ files: any FileSystem) throws(FileError) -> UnsafeBufferPointer<UInt8> {
    precondition(range.count <= capacity, "a piece of \(range.count) bytes does not fit")
    let start = memory ?? .allocate(capacity: capacity + Self.slack)
    if memory == nil { start.initialize(repeating: 0, count: capacity + Self.slack) }
    memory = start
    let piece = UnsafeMutableRawBufferPointer(start: start, count: range.count)
    let count = try files.readFully(into: piece, from: file, at: range.lowerBound)
    return UnsafeBufferPointer(start: start, count: count)
  }
}
