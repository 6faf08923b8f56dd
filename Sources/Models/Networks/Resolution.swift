/// Sides of images in pixels, and the levels of networks that grow: 0 at 4x4, one more for each doubling.
package enum Resolution {
  /// The side at `level`.
  package static func side(level: Int) -> Int { 4 << level }

  /// The level at `side`, a power of two from 4 on.
  package static func level(side: Int) -> Int { (side / 4).trailingZeroBitCount }
}
