import Basics
import Spec

/// `data.augment.horizontal_flip`: with a probability, mirrors left and right.
///
/// Not for pictures with a fixed orientation: a generator learns the mirrored ones as well.
package struct HorizontalFlip: Augmentation {
  package let spec: HorizontalFlipSpec

  /// The mirroring that `spec` describes.
  package init(_ spec: HorizontalFlipSpec) { self.spec = spec }

  /// Takes one block.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if stream.uniform() < spec.probability { Self.apply(to: image, side: side) }
  }

  /// Turns every row around.
  package static func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int) {
    precondition(image.count == 3 * side * side, "\(image.count) samples are not 3 x \(side) x \(side)")
    for row in 0..<3 * side { image[row * side..<(row + 1) * side].reverse() }
  }
}
