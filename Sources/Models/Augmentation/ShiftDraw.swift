import Basics
import Graph

/// Coordinates of an image that is shifted by whole pixels and may be flipped, whatever the probability of augmentations.
struct ShiftDraw: ImageDraw {
  let side: Int
  /// The largest shift in pixels.
  let shift: Int
  /// The probability of a flip.
  let flips: Double

  func blocks(_ count: Int) -> Int { 3 }

  func draw(_ stream: inout RandomStream, probability: Double, _ values: UnsafeMutableBufferPointer<Float>) {
    var geometry = Geometry()
    geometry.isMirrored = stream.uniform() < flips
    geometry.shift = (stream.below(2 * shift + 1) - shift, stream.below(2 * shift + 1) - shift)
    for (index, number) in geometry.coordinates(side: side).enumerated() { values[index] = Float(number) }
  }
}
