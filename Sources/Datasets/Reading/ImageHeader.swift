import Runs

/// What the chunks of a PNG file say about its pixels.
package struct ImageHeader: Equatable, Sendable {
  /// How a pixel is stored. The description is the word that users read.
  package enum Colour: UInt8, CaseIterable, Sendable, CustomStringConvertible {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    package var description: String {
      switch self {
      case .gray: "gray"
      case .rgb: "rgb"
      case .palette: "palette"
      case .grayAlpha: "gray+alpha"
      case .rgba: "rgb+alpha"
      }
    }
  }

  /// Of the upright image, in pixels.
  package let width: Int
  package let height: Int
  /// Bits of a sample, or of a palette's index.
  package let depth: Int
  package let colour: Colour
  /// Whether pixels can be transparent: an alpha channel, or a `tRNS` chunk.
  package let hasAlpha: Bool

  /// The header of a PNG file, or nil if `bytes` do not begin with one. The pixels after it may be damaged all the same.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 33, bytes[0..<8].elementsEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      bytes[12..<16].elementsEqual("IHDR".utf8), let colour = Colour(rawValue: bytes[25])
    else { return nil }
    let stored = (Self.number(bytes, 16), Self.number(bytes, 20))
    (width, height) = ImageOrientation(png: bytes).swapsSides ? (stored.1, stored.0) : stored
    depth = Int(bytes[24])
    self.colour = colour
    hasAlpha = colour == .rgba || colour == .grayAlpha || Self.hasTransparency(bytes)
  }

  /// Whether there is a `tRNS` chunk ahead of the pixels.
  private static func hasTransparency(_ bytes: [UInt8]) -> Bool {
    var position = 8
    while position + 12 <= bytes.count {
      let type = bytes[position + 4..<position + 8]
      if type.elementsEqual("tRNS".utf8) { return true }
      if type.elementsEqual("IDAT".utf8) || type.elementsEqual("IEND".utf8) { return false }
      position += 12 + number(bytes, position)
    }
    return false
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> Int {
    bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
