import Basics
import Kernels
import Spec

/// Whether drawn images repeat training images: the distance of each to its nearest training image, against that between training
/// images, and how many are copies (Alaa, van Breugel, Saveliev & van der Schaar 2022: not authentic).
///
/// A distance is the root of the mean squared difference of two images' samples, 0...255, both averaged down to at most 32 x 32: at
/// higher resolutions a shift by a pixel would count for more than another picture.
package struct Memorisation: QualityMetric {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> { ObjectSchema("memorisation", "Nearness to training images", Settings()) }

  package static func columns(_ settings: Settings, resolution: Int) -> [MeasureColumn] {
    [nearest, nearest.floor, copies]
  }

  private static let nearest = MeasureColumn(
    "nearest", .number, "Mean distance of a drawn image to its nearest training image, in gray levels", shown: .progress)
  private static let copies = MeasureColumn(
    "copies", .number, "Share of drawn images that are nearer to a training image than any other training image is", shown: .reports
  )

  package static func memory(_ size: MeasuredSize) -> MemoryNeed {
    MemoryNeed(
      bytes: MemoryNeed.product(
        2 * size.drawn + 2 * min(size.real, RealImages.portion), MeasuredSize.samples(min(size.side, largestSide))))
  }

  package init(_ settings: Settings) {}

  /// Side at which images are compared, at most.
  fileprivate static let largestSide = 32

  package func floor(_ reals: RealImages) -> [String: Float] {
    let found = reals.nearestOthers(of: Array(reals.numbers[reals.chosen]), side: min(Self.largestSide, reals.side))
    return found.isEmpty ? [:] : [Self.nearest.name: Self.mean(found.map(\.squares), side: min(Self.largestSide, reals.side))]
  }

  package func measurement(_ reals: RealImages) -> any QualityMeasurement { Measurement(reals) }

  /// The mean distance of images of `side` with these sums of squared differences.
  fileprivate static func mean(_ squares: [Int], side: Int) -> Float {
    Float(squares.reduce(0) { $0 + (Double($1) / Double(3 * side * side)).squareRoot() } / Double(squares.count))
  }

  private struct Measurement: QualityMeasurement {
    private let reals: RealImages
    private let side: Int
    /// All images so far, `[count, 3, side, side]`.
    private var drawn: [UInt8] = []

    init(_ reals: RealImages) { (self.reals, side) = (reals, min(largestSide, reals.side)) }

    mutating func add(_ images: ImageSet) { drawn += images.pooled(to: side, on: reals.lanes).pixels }

    func values() -> [String: Float] {
      var search = NearestImages(of: ImageSet(side: side, pixels: drawn))
      reals.forEachPortion(side: side) { search.look(through: $0, first: $1, on: reals.lanes) }
      let found = search.found.compactMap(\.self)
      guard !found.isEmpty else { return [:] }
      var values = [nearest.name: mean(found.map(\.squares), side: side)]
      // An image is a copy when it is nearer to its nearest training image than any other training image is.
      let originals = Array(Set(found.map(\.index))).sorted()
      let others = reals.nearestOthers(of: originals, side: side)
      guard others.count == originals.count else { return values }
      let radius = Dictionary(uniqueKeysWithValues: zip(originals, others.map(\.squares)))
      values[copies.name] = Float(found.count { $0.squares < radius[$0.index]! }) / Float(found.count)
      return values
    }
  }
}

extension RealImages {
  /// For each image with a number in `numbers` the nearest other one of all; empty when there is no other.
  fileprivate func nearestOthers(of numbers: [Int], side: Int) -> [(index: Int, squares: Int)] {
    var search = NearestImages(of: small(numbers, side: side), skipping: numbers)
    forEachPortion(side: side) { search.look(through: $0, first: $1, on: lanes) }
    return search.found.compactMap(\.self)
  }
}
