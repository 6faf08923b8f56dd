import Basics
import Spec

/// `data.augment.saturation`: with a probability, blends every pixel away from (or towards) its own gray by a factor drawn
/// uniformly from a range.
package struct Saturation: Augmentation {
  package let spec: SaturationSpec

  /// The change of saturation that `spec` describes.
  package init(_ spec: SaturationSpec) { self.spec = spec }

  /// Takes two blocks.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if let factor = stream.factor(in: spec.factor, probability: spec.probability) {
      Self.apply(factor: factor, to: image, side: side)
    }
  }

  /// `g + factor * (x - g)` for each sample x, g being the luma (ITU-R BT.601) of its pixel rounded to 8 bits; saturated, and
  /// the fraction dropped.
  package static func apply(factor: Float, to image: UnsafeMutableBufferPointer<UInt8>, side: Int) {
    let plane = side * side
    precondition(image.count == 3 * plane, "\(image.count) samples are not 3 x \(side) x \(side)")
    for i in 0..<plane {
      let gray = Luma.of(image[i], image[plane + i], image[2 * plane + i])
      for channel in 0..<3 {
        let place = channel * plane + i
        let value = Float(gray) + factor * Float(Int(image[place]) - gray)
        image[place] = UInt8(max(0, min(255, value)))
      }
    }
  }
}
