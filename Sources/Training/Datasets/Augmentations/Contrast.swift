import Basics
import Spec

/// `data.augment.contrast`: with a probability, blends an image away from (or towards) its mean gray by a factor drawn
/// uniformly from a range.
package struct Contrast: Augmentation {
  package let spec: ContrastSpec

  /// The contrast change that `spec` describes.
  package init(_ spec: ContrastSpec) { self.spec = spec }

  /// Takes two blocks.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if let factor = stream.factor(in: spec.factor, probability: spec.probability) {
      Self.apply(factor: factor, to: image, side: side)
    }
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
