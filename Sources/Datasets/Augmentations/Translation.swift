import Basics
import Spec

/// `data.augment.translation`: with a probability, moves an image by whole pixels, drawn uniformly and separately for the two
/// directions.
package struct Translation: Augmentation {
  package struct Settings: Equatable, Sendable {
    /// The largest shift in each direction, as a share of the side.
    package var distance: Double
    package var probability: Double

    package init(distance: Double = 0.05, probability: Double = 0.5) {
      self.distance = distance
      self.probability = probability
    }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "translation",
      "Moves an image by whole pixels, its border repeated; not for pictures whose parts always sit in the same place",
      Settings(),
      Field(
        "distance", \.distance, .number(.from(0, to: 0.5)),
        "The largest shift in each direction, as a share of the side; every whole number of pixels up to it is as likely"),
      .share(\.probability))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// Takes three blocks.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    let isChosen = stream.uniform() < settings.probability
    let reach = Int((settings.distance * Double(side)).rounded())
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
