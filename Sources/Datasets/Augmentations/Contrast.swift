import Basics
import Spec

/// `data.augment.contrast`: with a probability, blends an image away from (or toward) its mean gray by a factor drawn
/// uniformly from a range.
package struct Contrast: Augmentation {
  package typealias Settings = RandomFactor

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "contrast",
      "Blends an image away from its mean gray, afresh each time it is shown",
      Settings(factor: 1...2),
      Field(
        "factor", \.factor, .numbers(.from(0, to: 10)),
        "The contrast is multiplied by a number drawn from this range; 1 changes nothing"),
      .share(\.probability))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if let factor = settings.draw(from: &stream) { Self.apply(factor: factor, to: image, side: side) }
  }

  /// `m + factor * (x - m)` for each sample x, m being the rounded mean of the luma (ITU-R BT.601); saturated, and the
  /// fraction dropped.
  package static func apply(factor: Float, to image: UnsafeMutableBufferPointer<UInt8>, side: Int) {
    precondition(image.count == 3 * side * side, "\(image.count) samples are not 3 x \(side) x \(side)")
    let mean = meanLuma(image, plane: side * side)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
      for level in 0..<256 {
        let value = Float(mean) + factor * Float(level - mean)
        table[level] = UInt8(max(0, min(255, value)))
      }
      for i in image.indices { image[i] = table[Int(image[i])] }
    }
  }

  /// The mean of all pixels' luma.
  private static func meanLuma(_ image: UnsafeMutableBufferPointer<UInt8>, plane: Int) -> Int {
    let (red, green, blue) = (image.baseAddress!, image.baseAddress! + plane, image.baseAddress! + 2 * plane)
    var sum = 0
    for i in 0..<plane { sum &+= Luma.of(red[i], green[i], blue[i]) }
    return Int(Double(sum) / Double(plane) + 0.5)
  }
}
