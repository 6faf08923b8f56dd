import Basics
import Foundation

/// What is done to a single file.
enum Damage {
  /// Flips a bit of the file at `path`. Returns which.
  static func flipBit(of path: String, _ random: inout RandomStream) throws -> String {
    var place = 0, bit = 0
    try change(path) { bytes in
      (place, bit) = (random.below(bytes.count), random.below(8))
      bytes[place] ^= 1 << bit
    }
    return "bit \(bit) of byte \(place) of \(Path.name(of: path)) flipped"
  }

  /// Keeps of the file at `path` the first `length` bytes.
  static func cut(_ path: String, to length: Int) throws { try change(path) { $0 = $0.prefix(length) } }

  /// Writes `text` behind the end of the file at `path`.
  static func append(_ text: String, to path: String) throws { try change(path) { $0 += Data(text.utf8) } }

  private static func change(_ path: String, _ body: (inout Data) -> Void) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    body(&bytes)
    try bytes.write(to: URL(filePath: path))
  }
}
