import Basics
import Spec

/// `data.augment.translation`: with a probability, moves an image by whole pixels, drawn uniformly and separately for the two
/// directions.
package struct Translation: Augmentation {
  package let spec: TranslationSpec

  /// The shift that `spec` describes.
  package init(_ spec: TranslationSpec) { self.spec = spec }

  /// Takes three blocks.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    let isChosen = stream.uniform() < spec.probability
    let reach = Int((spec.distance * Double(side)).rounded())
    let (right, down) = (stream.below(2 * reach + 1) - reach, stream.below(2 * reach + 1) - reach)
    if isChosen { Self.apply(right: right, down: down, to: image, side: side) }
  }

  /// Moves the image by `right` columns and `down` rows, less than its side. What comes in repeats the nearest pixel of the
  /// border.
  package static func apply(right: Int, down: Int, to image: UnsafeMutableBufferPointer<UInt8>, side: Int) {
    precondition(image.count == 3 * side * side, "\(image.count) samples are not 3 x \(side) x \(side)")
    precondition(abs(right) < side && abs(down) < side, "a shift by \(right), \(down) of an image of side \(side)")
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: image.count) { original in
      _ = original.update(fromContentsOf: image)
      for channel in 0..<3 {
        for y in 0..<side {
          let from = (channel * side + max(0, min(side - 1, y - down))) * side
          let to = (channel * side + y) * side
          for x in 0..<side { image[to + x] = original[from + max(0, min(side - 1, x - right))] }
        }
      }
    }
  }
}
