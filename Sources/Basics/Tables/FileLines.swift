import Foundation

/// The lines of an open file from top to bottom, in memory of constant size. A last one without line feed, which a write leaves that is
/// under way or was torn, is none.
package struct FileLines {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Bytes of the longest line that is read: many times the numbers that we write, more than the texts, enough for tables of anybody.
  package enum Limit: Int, Sendable {
    case numbers = 0x4000
    case texts = 0x10000
    case any = 0x100000
  }

  private static let feed = UInt8(ascii: "\n")

  private let file: OpenFile
  private let end: Int
  private let limit: Limit
  private let buffer: TableBuffer
  private let files: any FileSystem
  /// Where in the file the piece begins that was read.
  private var offset: Int
  private var piece = Bytes(start: nil, count: 0)
  /// Where in the piece the next line begins.
  private var start = 0

  /// The lines in `range` of the file, which begins with one. `buffer` belongs to them while they are read.
  package init(_ file: OpenFile, _ range: Range<Int>, _ limit: Limit, _ buffer: TableBuffer, _ files: any FileSystem) {
    precondition(limit.rawValue < buffer.capacity, "a line of \(limit.rawValue) bytes does not fit")
    self.file = file
    self.limit = limit
    self.buffer = buffer
    self.files = files
    offset = range.lowerBound
    end = range.upperBound
  }

  /// The next line without its line feed, valid until the next call; nil at the end. Throws ``UnusableFile`` when it is too long.
  @inline(__always) package mutating func next() throws -> Bytes? {
    while true {
      if let length = Self.firstFeed(Bytes(rebasing: piece[start...])) {
        guard length <= limit.rawValue else { throw tooLong }
        defer { start += length + 1 }
        return Bytes(rebasing: piece[start..<start + length])
      }
      guard try readOn() else { return nil }
    }
  }

  /// Reads the piece that begins with the next line. Returns false when there is no more of that.
  private mutating func readOn() throws -> Bool {
    let rest = piece.count - start
    guard rest <= limit.rawValue else { throw tooLong }
    offset += start
    start = 0
    piece = try buffer.read(offset..<max(offset, min(end, offset + buffer.capacity)), of: file, files)
    return piece.count > rest
  }

  /// What is said of a line that is longer than the limit.
  var tooLong: UnusableFile {
    UnusableFile(file.path, "a \(limit == .any ? "line" : "row") has more than \(limit.rawValue) bytes")
  }

  static func firstFeed(_ bytes: Bytes) -> Int? {
    guard let start = bytes.baseAddress, let found = memchr(start, Int32(feed), bytes.count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }

  static func lastFeed(_ bytes: Bytes) -> Int? { bytes.lastIndex(of: feed) }
}
