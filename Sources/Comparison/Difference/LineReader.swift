import Basics
import Foundation

/// The lines of an open file one after the other, in memory of constant size.
struct LineReader {
  /// Bytes that are read at a time.
  private static let piece = 1 << 16
  /// Bytes of the longest line that is read; a row of metrics has a few hundred.
  static let longestLine = 1 << 20

  private let file: OpenFile
  private let files: any FileSystem
  private var buffer: [UInt8] = []
  /// Where in `buffer` the next line begins.
  private var start = 0
  /// Where in the file the bytes behind `buffer` begin.
  private var offset = 0
  /// Whether the file ends in a line without line feed, which is not given out: the trace of a write that is under way or was torn.
  private(set) var hasTornEnd = false

  init(_ file: OpenFile, _ files: any FileSystem) {
    (self.file, self.files) = (file, files)
  }

  /// The next line without its line feed, or nil at the end. Throws `Diagnostics` for a line that is too long.
  mutating func next() throws -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return buffer[start..<end]
      }
      let rest = buffer.count - start
      guard rest <= Self.longestLine else {
        throw Diagnostics("a line has more than \(Self.longestLine) bytes", file: file.path, exitCode: .badData)
      }
      let more = try files.read(Self.piece, from: file, at: offset)
      guard !more.isEmpty else {
        hasTornEnd = rest > 0
        return nil
      }
      buffer = Array(buffer[start...]) + more
      (start, searched) = (0, rest)
      offset += more.count
    }
  }
}
