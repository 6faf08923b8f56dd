import Basics
import Spec

/// `data.augment.brightness`: with a probability, multiplies an image by a factor drawn uniformly from a range.
package struct Brightness: Augmentation {
  package let spec: BrightnessSpec

  /// The change of brightness that `spec` describes.
  package init(_ spec: BrightnessSpec) { self.spec = spec }

  /// Takes two blocks.
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if let factor = stream.factor(in: spec.factor, probability: spec.probability) {
      Self.apply(factor: factor, to: image)
    }
  }

  /// `factor * x` for each sample x, saturated, and the fraction dropped.
  package static func apply(factor: Float, to image: UnsafeMutableBufferPointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
      for level in 0..<256 { table[level] = UInt8(max(0, min(255, factor * Float(level)))) }
      for i in image.indices { image[i] = table[Int(image[i])] }
    }
  }
}
