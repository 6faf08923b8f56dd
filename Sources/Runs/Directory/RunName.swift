/// The name of a run or a sweep, which becomes the name of a folder.
package struct RunName: Hashable, Sendable, CustomStringConvertible {
  /// The name as text.
  package let description: String

  package static let longest = 64

  /// `text` as a name, or nil when it is none: allowed is `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= Self.longest, Self.isAlphanumeric(first) else { return nil }
    guard bytes.allSatisfy({ Self.isAlphanumeric($0) || "._-".utf8.contains($0) }) else { return nil }
    description = text
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
