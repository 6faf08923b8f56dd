import Kernels
import Spec

/// Whether drawn images repeat training images: the distance of each to its nearest training image, against that between training
/// images, and how many are copies (Alaa, van Breugel, Saveliev & van der Schaar 2022: not authentic).
///
/// A distance is the root of the mean squared difference of two images' samples, 0...255, both averaged down to at most 32 x 32: at
/// higher resolutions a shift by a pixel would count for more than another picture.
package struct Memorisation: QualityMetric {
  package static let kind = EvaluateSpec.Metric.memorisation

  package init() {}

  /// Side at which images are compared, at most.
  private static let largestSide = 32

  package func floor(_ reals: RealImages) -> [String: Float] {
    let images = reals.images.pooled(to: min(Self.largestSide, reals.images.side), on: reals.lanes)
    let found = Self.nearest(Array(reals.chosen), of: images, among: images, isSame: true, on: reals.lanes)
    return found.isEmpty ? [:] : ["floor.nearest": Self.mean(found, images.imageCount)]
  }

  package func values(_ drawn: ImageSet, _ reals: RealImages) -> [String: Float] {
    let side = min(Self.largestSide, drawn.side)
    let (drawn, images) = (drawn.pooled(to: side, on: reals.lanes), reals.images.pooled(to: side, on: reals.lanes))
    let found = Self.nearest(Array(0..<drawn.count), of: drawn, among: images, isSame: false, on: reals.lanes)
    guard !found.isEmpty else { return [:] }
    var values = ["nearest": Self.mean(found, images.imageCount)]
    // An image is a copy when it is nearer to its nearest training image than any other training image is.
    let originals = Array(Set(found.map(\.index))).sorted()
    let others = Self.nearest(originals, of: images, among: images, isSame: true, on: reals.lanes)
    guard !others.isEmpty else { return values }
    let radius = Dictionary(uniqueKeysWithValues: zip(originals, others.map(\.squares)))
    values["copies"] = Float(found.count { $0.squares < radius[$0.index]! }) / Float(found.count)
    return values
  }

  /// For each of some images its nearest one of `others`; with `isSame` the sets are one, and none is compared with itself. Empty when
  /// there is nothing to compare with.
  package static func nearest(
    _ indices: [Int], of images: ImageSet, among others: ImageSet, isSame: Bool, on lanes: Lanes
  ) -> [(index: Int, squares: Int)] {
    guard others.count > (isSame ? 1 : 0) else { return [] }
    var found = [(index: Int, squares: Int)](repeating: (0, 0), count: indices.count)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found.baseAddress
      others.pixels.withUnsafeBufferPointer { pixels in
        nonisolated(unsafe) let pixels = pixels
        lanes.run(units: indices.count) { unit in
          let index = indices[unit]
          found![unit] = images.withImage(index) { NearestImage.find($0, among: pixels, skipping: isSame ? index : nil)! }
        }
      }
    }
    return found
  }

  /// The mean distance of images of `size` samples.
  private static func mean(_ found: [(index: Int, squares: Int)], _ size: Int) -> Float {
    Float(found.reduce(0) { $0 + (Double($1.squares) / Double(size)).squareRoot() } / Double(found.count))
  }
}
