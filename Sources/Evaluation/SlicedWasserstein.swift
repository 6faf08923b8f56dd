import Basics
import Kernels
import Spec

/// The sliced Wasserstein distance between patches of two sets of images, for each level of their Laplacian pyramids (Karras et
/// al. 2018, section 5; Rabin, Peyre, Delon & Bernot 2011).
///
/// 128 patches of 7 x 7 pixels an image and level; each set is normalized by its own mean and deviation of each channel; the mean of
/// 512 one-dimensional distances; times 1000.
package struct SlicedWasserstein: QualityMetric {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> { ObjectSchema("swd", "Distance of patches, by resolution", Settings()) }

  package static func columns(_ settings: Settings, resolution: Int) -> [MeasureColumn] {
    let sides = LaplacianLevel.sides(of: resolution).reversed().map { level($0) }
    let all = sides + [mean]
    return all + all.map(\.floor) + [count]
  }

  private static func level(_ side: Int) -> MeasureColumn {
    MeasureColumn(
      "swd_\(side)", .number, "Sliced Wasserstein distance times 1000 of patches at this side; low is good", smallestSide: side)
  }
  private static let mean = MeasureColumn(
    "swd_mean", .number, "The mean of these distances; low is good, floor.swd_mean is as low as training images get",
    smallestSide: LaplacianLevel.lowest, shown: .everywhere)
  private static let count = MeasureColumn(
    "count.swd", .count, "Images in each of the two sets of that distance", smallestSide: LaplacianLevel.lowest)

  package static func memory(_ size: MeasuredSize) -> MemoryNeed {
    guard size.side >= LaplacianLevel.lowest else { return MemoryNeed() }
    let patches = MemoryNeed.product(size.half, patchesPerImage)
    return MemoryNeed(bytes: MemoryNeed.product(size.half, MeasuredSize.samples(size.side) + 16 * patchesPerImage))
      + 2 * MemoryNeed(floats: MemoryNeed.product(patches + 16, dims))
      + MemoryNeed(floats: MemoryNeed.product(patches + 16, 2 * directionsAtOnce + size.threads))
      + MemoryNeed(floats: size.threads * LaplacianLevel(size.side, of: size.side).scratchCount)
  }

  package init(_ settings: Settings) {}

  static let patchesPerImage = 128
  private static let patchWidth = 7
  /// Numbers of a patch.
  static var dims: Int { 3 * patchWidth * patchWidth }
  /// Random directions: four times 128.
  private static let directions = 512
  /// What distances are multiplied by, as in the literature's tables.
  private static let scale = 1e3

  package func floor(_ reals: RealImages) -> [String: Float] {
    Self.distances(reals.sample.choosing(Array(reals.halves.second)), "other", reals)
  }

  package func measurement(_ reals: RealImages) -> any QualityMeasurement { Measurement(reals) }

  /// Keeps as many images as there are real ones to compare with.
  private struct Measurement: QualityMeasurement {
    private let reals: RealImages
    /// `[count, 3, side, side]`.
    private var drawn: [UInt8] = []
    private let limit: Int

    init(_ reals: RealImages) { (self.reals, limit) = (reals, reals.halves.first.count) }

    mutating func add(_ images: ImageSet) {
      let missing = limit - drawn.count / images.imageCount
      if drawn.isEmpty { drawn.reserveCapacity(limit * images.imageCount) }
      for index in 0..<min(missing, images.count) { images.withImage(index) { drawn += $0 } }
    }

    func values() -> [String: Float] {
      let drawn = ImageSet(side: reals.side, pixels: drawn)
      var values = distances(drawn, "drawn", reals)
      if !values.isEmpty { values[count.name] = Float(drawn.count) }
      return values
    }
  }

  /// The distance of `images` from as many real ones, by column.
  private static func distances(_ images: ImageSet, _ name: String, _ reals: RealImages) -> [String: Float] {
    let sides = LaplacianLevel.sides(of: images.side)
    guard images.count > 0, !sides.isEmpty else { return [:] }
    let others = reals.sample.choosing(Array(reals.halves.first.prefix(images.count)))
    var sum = 0.0
    var values: [String: Float] = [:]
    for side in sides {
      let level = LaplacianLevel(side, of: images.side)
      func patches(_ images: ImageSet, _ name: String) -> PatchMatrix {
        var stream = reals.stream("swd.\(name).\(side)")
        let centers = centers(images: images.count, side: side, &stream)
        return self.patches(images, level, centers: centers, perImage: patchesPerImage, on: reals.lanes)
      }
      var stream = reals.stream("swd.directions.\(side)")
      let directions = directions(&stream)
      let distance = scale * distance(patches(images, name), patches(others, "real"), directions: directions, on: reals.lanes)
      values[Self.level(side).name] = Float(distance)
      sum += distance
    }
    values[mean.name] = Float(sum / Double(sides.count))
    return values
  }

  /// Places of patches that lie inside a level: x and y of each, uniform.
  static func centers(images: Int, side: Int, _ stream: inout RandomStream) -> [UInt16] {
    let margin = patchWidth / 2
    let span = UInt64(side - 2 * margin)
    var centers: [UInt16] = []
    centers.reserveCapacity(2 * images * patchesPerImage)
    for _ in 0..<images * patchesPerImage {
      let bits = stream.next()
      centers.append(UInt16(margin) + UInt16(((bits & 0xffff_ffff) * span) >> 32))
      centers.append(UInt16(margin) + UInt16(((bits >> 32) * span) >> 32))
    }
    return centers
  }

  /// Unit vectors, uniform on the sphere: `[512, 147]`.
  private static func directions(_ stream: inout RandomStream) -> [Float] {
    let dims = 3 * patchWidth * patchWidth
    var numbers = stream.normals(directions * dims)
    numbers.withUnsafeMutableBufferPointer { numbers in
      for direction in 0..<directions {
        var squares = 0.0
        for i in direction * dims..<(direction + 1) * dims { squares += Double(numbers[i]) * Double(numbers[i]) }
        let norm = squares.squareRoot()
        for i in direction * dims..<(direction + 1) * dims { numbers[i] = Float(Double(numbers[i]) / norm) }
      }
    }
    return numbers
  }

  /// The patches of a level of images around `centers`, `[images, perImage, 2]`.
  package static func patches(
    _ images: ImageSet, _ level: LaplacianLevel, centers: [UInt16], perImage: Int, on lanes: Lanes
  ) -> PatchMatrix {
    precondition(centers.count == 2 * perImage * images.count, "\(centers.count) numbers for \(images.count) images")
    let matrix = PatchMatrix(count: perImage * images.count, planes: 3, width: patchWidth)
    let scratch = FloatBuffer(count: lanes.count * level.scratchCount)
    lanes.run { lane in
      lane.share(images.count) { number in
        let pixels = images.withImage(number) {
          level.compute($0, scratch: scratch.base + lane.index * level.scratchCount)
        }
        let range = number * perImage..<(number + 1) * perImage
        matrix.cut(
          pixels, side: level.side, centers: centers[2 * range.lowerBound..<2 * range.upperBound], first: range.lowerBound)
      }
    }
    return matrix
  }

  /// Directions whose projections are in memory at a time, and panels that are projected in one unit.
  static let directionsAtOnce = 32
  private static let panelsAtOnce = 16

  /// The mean over `directions`, `[count, dims]`, of Wasserstein's first distance between the projections of two sets of equally many
  /// patches, each set normalized by its own moments. A channel without any deviation becomes zero.
  package static func distance(_ a: PatchMatrix, _ b: PatchMatrix, directions: [Float], on lanes: Lanes) -> Double {
    precondition(a.count == b.count && a.dims == b.dims, "sets of \(a.count) and \(b.count) patches")
    let (count, dims, padded) = (a.count, a.dims, a.paddedCount)
    guard count > 0 else { return .nan }
    let sets = [a, b].map { NormalisedDirections(directions, $0, on: lanes) }
    let total = directions.count / dims
    let chunk = min(directionsAtOnce, total)
    let projections = FloatBuffer(count: 2 * chunk * padded)
    let scratch = FloatBuffer(count: lanes.count * count)
    let groups = (a.panelCount + panelsAtOnce - 1) / panelsAtOnce
    var distances = [Double](repeating: 0, count: total)
    distances.withUnsafeMutableBufferPointer { distances in
      nonisolated(unsafe) let distances = distances.baseAddress
      for start in stride(from: 0, to: total, by: chunk) {
        let used = min(chunk, total - start)
        lanes.run { lane in
          lane.share(2 * groups) { unit in
            let (set, group) = (unit / groups, unit % groups)
            let panels = group * panelsAtOnce..<min((group + 1) * panelsAtOnce, a.panelCount)
            (set == 0 ? a : b).project(
              panels: panels, weights: sets[set].weights.base + start * dims, offsets: sets[set].offsets.base + start,
              directions: used, into: projections.base + set * chunk * padded)
          }
          lane.share(used) { direction in
            let both = [0, 1].map { projections.base + ($0 * chunk + direction) * padded }
            for values in both {
              SortedDistance.sort(
                UnsafeMutableBufferPointer(start: values, count: count), scratch: scratch.base + lane.index * count)
            }
            distances![start + direction] = SortedDistance.absoluteDifference(both[0], both[1], count: count) / Double(count)
          }
        }
      }
    }
    return distances.reduce(0, +) / Double(total)
  }
}

/// Directions to project a set of patches on as they are, so that the results are those of normalized ones: each channel's part of a
/// direction divided by the channel's deviation, and what the channels' means contribute taken off.
private struct NormalisedDirections {
  /// `[count, dims]`.
  let weights: FloatBuffer
  /// `[count]`.
  let offsets: FloatBuffer

  init(_ directions: [Float], _ patches: PatchMatrix, on lanes: Lanes) {
    let moments = patches.moments(on: lanes)
    let (dims, perPlane) = (patches.dims, patches.width * patches.width)
    let count = directions.count / dims
    let scales = moments.map { $0.deviation > 0 ? 1 / $0.deviation : 0 }
    let shifts = zip(moments, scales).map { $0.mean * $1 }
    let (weights, offsets) = (FloatBuffer(count: count * dims), FloatBuffer(count: count))
    directions.withUnsafeBufferPointer { directions in
      for direction in 0..<count {
        var offset = 0.0
        for plane in moments.indices {
          let (scale, shift) = (scales[plane], shifts[plane])
          for i in direction * dims + plane * perPlane..<direction * dims + (plane + 1) * perPlane {
            weights.base[i] = Float(Double(directions[i]) * scale)
            offset -= Double(directions[i]) * shift
          }
        }
        offsets.base[direction] = Float(offset)
      }
    }
    self.weights = weights
    self.offsets = offsets
  }
}
