import Basics
import Spec

/// `data.augment.brightness`: with a probability, multiplies an image by a factor drawn uniformly from a range.
package struct Brightness: Augmentation {
  package typealias Settings = RandomFactor

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "brightness",
      "Makes an image darker or brighter; what is drawn will vary in brightness as well",
      Settings(factor: 0.8...1.2),
      Field(
        "factor", \.factor, .numbers(.from(0, to: 10)),
        "The brightness is multiplied by a number drawn from this range; 1 changes nothing, 0 is black"),
      .share(\.probability))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if let factor = settings.draw(from: &stream) { Self.apply(factor: factor, to: image) }
  }

  /// `factor * x` for each sample x, saturated, and the fraction dropped.
  package static func apply(factor: Float, to image: UnsafeMutableBufferPointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
      for level in 0..<256 { table[level] = UInt8(max(0, min(255, factor * Float(level)))) }
      for i in image.indices { image[i] = table[Int(image[i])] }
    }
  }
}
