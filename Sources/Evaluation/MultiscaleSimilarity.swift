import Basics
import Foundation
import Kernels
import Spec

/// The multi-scale structural similarity of pairs of drawn images (Wang, Simoncelli & Bovik 2003, with the exponents of that paper; as a
/// measure of variety Odena, Olah & Shlens 2017): low where images differ.
package struct MultiscaleSimilarity: QualityMetric {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> { ObjectSchema("ms_ssim", "Similarity of drawn images", Settings()) }

  package static func columns(_ settings: Settings, resolution: Int) -> [MeasureColumn] {
    [similarity, similarity.floor]
  }

  private static let similarity = MeasureColumn(
    "ms_ssim", .number, "Mean similarity of pairs of drawn images; far above its floor they lack variety", smallestSide: smallest,
    shown: .everywhere)

  package static func memory(_ size: MeasuredSize) -> MemoryNeed {
    MemoryNeed(
      floats: size.threads
        * (5 * MeasuredSize.samples(size.side) / 2 + StructuralSimilarity(side: size.side, shift: 0).scratchCount))
  }

  package init(_ settings: Settings) {}

  /// The exponents of the scales, the finest first. Their sum is 1.0001.
  private static let exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
  /// Taken off each sample: half of the span.
  private static let shift: Float = 128
  /// The side of the smallest images: one pixel is left at the last scale.
  private static let smallest = 1 << (exponents.count - 1)

  package func floor(_ reals: RealImages) -> [String: Float] {
    var measurement = Measurement(lanes: reals.lanes)
    measurement.add(reals.sample.choosing(Array(reals.chosen)))
    return measurement.values()
  }

  package func measurement(_ reals: RealImages) -> any QualityMeasurement { Measurement(lanes: reals.lanes) }

  /// The mean over the pairs of neighbors 0 and 1, 2 and 3, ...; none of images too small.
  private struct Measurement: QualityMeasurement {
    let lanes: Lanes
    private var sum = 0.0
    private var count = 0

    init(lanes: Lanes) { self.lanes = lanes }

    mutating func add(_ images: ImageSet) {
      guard images.side >= smallest else { return }
      let values = pairs(images, Array(0..<images.count), on: lanes)
      sum = values.reduce(sum, +)
      count += values.count
    }

    func values() -> [String: Float] { count == 0 ? [:] : [similarity.name: Float(sum / Double(count))] }
  }

  /// The similarity of each pair of images whose numbers are neighbors in `indices`; an odd one is left over.
  package static func pairs(_ images: ImageSet, _ indices: [Int], on lanes: Lanes) -> [Double] {
    precondition(images.side >= smallest && images.side.nonzeroBitCount == 1, "images of side \(images.side)")
    let scales = exponents.indices.map { StructuralSimilarity(side: images.side >> $0, shift: shift) }
    let size = images.imageCount
    // Both images, both at the next scale, and the kernel's own.
    let scratchCount = 2 * size + 2 * size / 4 + scales[0].scratchCount
    let scratch = FloatBuffer(count: lanes.count * scratchCount)
    var values = [Double](repeating: 0, count: indices.count / 2)
    values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let values = values.baseAddress
      lanes.run { lane in
        lane.share(indices.count / 2) { pair in
          let base = scratch.base + lane.index * scratchCount
          for (place, index) in [indices[2 * pair], indices[2 * pair + 1]].enumerated() {
            images.withImage(index) { ImageBytes.decode($0, offset: -shift, into: base + place * size) }
          }
          values![pair] = similarity(base, size: size, scales)
        }
      }
    }
    return values
  }

  /// The product of the scales' parts for the two images of `size` samples at `memory`, which is overwritten.
  private static func similarity(_ memory: UnsafeMutablePointer<Float>, size: Int, _ scales: [StructuralSimilarity]) -> Double {
    var (images, next) = (memory, memory + 2 * size)
    let scratch = memory + 2 * size + 2 * size / 4
    var (product, size) = (1.0, size)
    for (index, scale) in scales.enumerated() {
      var sums = (similarity: 0.0, contrast: 0.0)
      for plane in 0..<3 {
        let offset = plane * scale.side * scale.side
        let part = scale.sums(images + offset, images + size + offset, scratch: scratch)
        sums = (sums.similarity + part.similarity, sums.contrast + part.contrast)
      }
      let isLast = index == scales.count - 1
      // Below zero a power would be no number.
      product *= pow(max(0, (isLast ? sums.similarity : sums.contrast) / Double(3 * scale.places)), exponents[index])
      if isLast { break }
      ImagePyramid.average(images, planes: 6, side: scale.side, into: next)
      (images, next) = (next, images)
      size /= 4
    }
    return product
  }
}
