import Basics
import Spec

/// `data.augment.horizontal_flip`: with a probability, mirrors left and right.
///
/// Not for pictures with a fixed orientation: a generator learns the mirrored ones as well.
package struct HorizontalFlip: Augmentation {
  package struct Settings: Equatable, Sendable {
    package var probability: Double

    package init(probability: Double = 0.5) {
      self.probability = probability
    }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "horizontal_flip",
      "Mirrors left and right; never for pictures that all face the same way, as heads that grow from the lower left: both ways would be learned",
      Settings(),
      .share(\.probability))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// Takes one block.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if stream.uniform() < settings.probability { Self.apply(to: image, side: side) }
  }

  /// Turns every row around.
  package static func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int) {
    precondition(image.count == 3 * side * side, "\(image.count) samples are not 3 x \(side) x \(side)")
    for row in 0..<3 * side { image[row * side..<(row + 1) * side].reverse() }
  }
}
