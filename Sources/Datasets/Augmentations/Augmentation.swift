import Basics
import Spec

/// A random change to a real image, drawn afresh each time the image is shown.
package protocol Augmentation: Plugin {
  /// Changes `image`, `[3, side, side]`, in place. Takes the same number of blocks from `stream` whatever it draws.
  func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream)
}

/// The settings of an augmentation that multiplies something by a random factor.
package struct RandomFactor: Equatable, Sendable {
  package var factor: ClosedRange<Double>
  package var probability: Double

  package init(factor: ClosedRange<Double>, probability: Double = 0.5) {
    self.factor = factor
    self.probability = probability
  }

  /// A factor drawn uniformly from the range, or nil, which has the probability that is left. Takes two blocks either way.
  func draw(from stream: inout RandomStream) -> Float? {
    let isChosen = stream.uniform() < probability
    let factor = stream.uniform(in: factor)
    return isChosen ? Float(factor) : nil
  }
}

extension Field {
  /// What every augmentation has.
  static func share(_ path: WritableKeyPath<Root, Double>) -> Field {
    Field("probability", path, .number(.from(0, to: 1)), "Share of the images that are changed")
  }
}
