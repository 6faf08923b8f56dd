/// What an image file says about its pixels.
package struct ImageHeader: Equatable, Sendable {
  /// How a pixel is stored. The description is the word that users read.
  package enum Color: UInt8, CaseIterable, Sendable, CustomStringConvertible {
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
  package let color: Color
  /// Whether pixels can be transparent: an alpha channel, or a `tRNS` chunk.
  package let hasAlpha: Bool
}
