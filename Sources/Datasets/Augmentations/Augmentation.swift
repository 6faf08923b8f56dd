import Basics
import Spec

/// A random change to a real image, drawn afresh each time the image is shown.
package protocol Augmentation: Plugin {
  /// Changes `image`, `[3, side, side]`, in place. Takes the same number of blocks from `stream` whatever it draws.
  func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream)
}

extension RandomStream {
  /// A factor drawn uniformly from `range`, or nil, which has the probability that is left. Takes two blocks either way.
  mutating func factor(in range: ClosedRange<Double>, probability: Double) -> Float? {
    let isChosen = uniform() < probability
    let factor = uniform(in: range)
    return isChosen ? Float(factor) : nil
  }
}

extension Field {
  /// What every augmentation has.
  static func share(_ path: WritableKeyPath<Root, Double>) -> Field {
    Field("probability", path, .number(.from(0, to: 1)), "Share of the images that are changed")
  }
}
