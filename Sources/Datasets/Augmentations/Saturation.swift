import Basics
import Spec

/// `data.augment.saturation`: with a probability, blends every pixel away from (or toward) its own gray by a factor drawn
/// uniformly from a range.
package struct Saturation: Augmentation {
  package typealias Settings = RandomFactor

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "saturation",
      "Makes an image's colors paler or stronger; not for sets whose exact colors matter",
      Settings(factor: 0.8...1.2),
      Field(
        "factor", \.factor, .numbers(.from(0, to: 10)),
        "The distance from gray is multiplied by a number drawn from this range; 1 changes nothing, 0 is gray"),
      .share(\.probability))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, side: Int, stream: inout RandomStream) {
    if let factor = settings.draw(from: &stream) { Self.apply(factor: factor, to: image, side: side) }
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
