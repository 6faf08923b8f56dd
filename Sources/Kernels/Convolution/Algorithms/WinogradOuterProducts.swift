import CKernels

/// The filter slot by Winograd's minimal filtering: outer products of transformed rows, half as many as of the rows.
///
/// The transpose of the output slot with respect to the filter: six rows of the image and six made of four rows of the
/// output's gradient give six rows of products, which become three rows of the filter's gradient.
extension ConvolutionPlan {
  /// Floats of filters up to which each unit adds to its own, over all planes and channels.
  static let ownFilterCount = 1 << 17
  /// Floats of transformed rows that stay in the second-level cache.
  static let outerBandCount = 1 << 17

  var hasWinogradOuterProducts: Bool {
    isMinimal && (shape.width == 4 || shape.width == 8 || shape.width >= 16) && shape.inputs >= Self.outerChannels
  }

  func winogradOuterProducts() -> Kernel {
    let sizes = OuterSizes(shape)
    return shape.width >= 16 && sizes.partialCount <= Self.ownFilterCount ? outerBands(sizes) : outerPlanes(sizes)
  }

  /// Extents of the operands of the products, in floats.
  struct OuterSizes: Sendable {
    let planes: Int
    let channels: Int
    /// Vectors of 16 channels.
    let vectors: Int
    /// Groups of four rows in an image.
    let groups: Int
    /// A row with a border of one pixel and the channel last.
    let lastRow: Int
    /// [vectors][6][planes][3][16]
    let partialCount: Int

    init(_ shape: ConvolutionShape) {
      (planes, channels, vectors) = (shape.outputs, shape.inputs, ceilDivide(shape.inputs, 16))
      groups = shape.height / 4
      lastRow = (shape.width + 2) * 16
      partialCount = vectors * planes * 6 * 48
    }
  }

  /// Large images and small filters: each unit transforms some rows at a time and adds their products to filters of its own.
  private func outerBands(_ sizes: OuterSizes) -> Kernel {
    let functions = functions, shape = shape, width = shape.width, area = shape.height * shape.width
    let groupCount = 6 * (sizes.vectors * sizes.lastRow + sizes.planes * width)
    let chunk = max(1, min(sizes.groups, Self.outerBandCount / groupCount))
    let rowsCount = (4 * chunk + 2) * sizes.lastRow, lastCount = 6 * chunk * sizes.lastRow
    let total = shape.batch * sizes.groups, units = min(total, Self.outerUnits)
    let products = Kernel.Pass(units: units) { unit, memory in
      let rows = memory.scratch, last = rows + rowsCount, plain = last + sizes.vectors * lastCount
      let all = part(unit, of: units, total)
      var first = all.lowerBound
      while first < all.upperBound {
        let (image, group) = first.quotientAndRemainder(dividingBy: sizes.groups)
        let count = min(chunk, sizes.groups - group, all.upperBound - first)
        for vector in 0..<sizes.vectors {
          interleaveRows(image: image, group: group, count: count, vector: vector, sizes, memory.inputs[0], to: rows)
          functions.winograd_rows(
            0, rows, 4 * sizes.lastRow, sizes.lastRow, Int32(count), Int32(sizes.lastRow), last + vector * lastCount,
            6 * sizes.lastRow, sizes.lastRow)
        }
        for plane in 0..<sizes.planes {
          functions.winograd_rows(
            1, memory.inputs[1] + (image * sizes.planes + plane) * area + 4 * group * width, 4 * width, width, Int32(count),
            Int32(width), plain + plane * 6 * chunk * width, 6 * width, width)
        }
        for vector in 0..<sizes.vectors {
          for k in 0..<6 {
            functions.outer(
              plain + k * width, 0, 6 * chunk * width, 6 * width, Int32(sizes.planes),
              last + vector * lastCount + k * sizes.lastRow, 0, 6 * sizes.lastRow, Int32(count), Int32(width), 0, Int32(count), 1,
              3,
              first == all.lowerBound ? 0 : 1,
              memory.shared + unit * sizes.partialCount + (vector * 6 + k) * sizes.planes * 48)
          }
        }
        first += count
      }
    }
    return Kernel(
      family: "convolution.winograd", passes: [products, finishing(sizes, start: 0, splits: units)],
      sharedCount: units * sizes.partialCount,
      scratchCount: max(rowsCount + sizes.vectors * lastCount + sizes.planes * 6 * chunk * width, sizes.planes * 144),
      flops: shape.flops)
  }

  /// Writes the rows that some groups read of 16 channels, with their border and the channel last.
  private func interleaveRows(
    image: Int, group: Int, count: Int, vector: Int, _ sizes: OuterSizes, _ from: UnsafePointer<Float>,
    to: UnsafeMutablePointer<Float>
  ) {
    let height = shape.height, area = height * shape.width, reflects = shape.border == .reflect
    let wanted = 4 * group - 1..<4 * (group + count) + 1, rows = wanted.clamped(to: 0..<height)
    functions.interleave(
      from + (image * sizes.channels + vector * 16) * area + rows.lowerBound * shape.width, area,
      Int32(min(16, sizes.channels - vector * 16)), Int32(rows.count), Int32(shape.width), 0, 1, reflects ? 1 : 0,
      to + (rows.lowerBound - wanted.lowerBound) * sizes.lastRow)
    func mirror(_ row: Int, _ from: Int) {
      let at = to + (row - wanted.lowerBound) * sizes.lastRow
      if reflects {
        at.update(from: to + (from - wanted.lowerBound) * sizes.lastRow, count: sizes.lastRow)
      } else {
        at.update(repeating: 0, count: sizes.lastRow)
      }
    }
    if wanted.lowerBound < 0 { mirror(-1, 1) }
    if wanted.upperBound > height { mirror(height, height - 2) }
  }

  /// Small images and large filters: everything is transformed first, and each unit makes a part of the filter.
  private func outerPlanes(_ sizes: OuterSizes) -> Kernel {
    let functions = functions, shape = shape
    let (planes, channels, width, groups) = (sizes.planes, sizes.channels, shape.width, sizes.groups)
    let vectors = sizes.vectors, lastRow = sizes.lastRow, area = shape.height * width
    // Transformed rows of the image with the channel last, and of the output.
    let lastPlane = 6 * groups * lastRow, lastCount = shape.batch * vectors * lastPlane
    let plainPlane = 6 * groups * width, plainCount = shape.batch * planes * plainPlane
    let transforming = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let image = unit / vectors, first = unit % vectors * 16
      functions.interleave(
        memory.inputs[0] + (image * channels + first) * area, area, Int32(min(16, channels - first)), Int32(shape.height),
        Int32(width), 1, 1, shape.border == .reflect ? 1 : 0, memory.scratch)
      functions.winograd_rows(
        0, memory.scratch, 4 * lastRow, lastRow, Int32(groups), Int32(lastRow), memory.shared + unit * lastPlane, 6 * lastRow,
        lastRow)
      for plane in part(unit % vectors, of: vectors, planes) {
        functions.winograd_rows(
          1, memory.inputs[1] + (image * planes + plane) * area, 4 * width, width, Int32(groups), Int32(width),
          memory.shared + lastCount + (image * planes + plane) * plainPlane, 6 * width, width)
      }
    }

    let rows = shape.batch * groups
    let planeGroups = min(ceilDivide(planes, 8), Self.outerUnits)
    let vectorGroups = min(vectors, ceilDivide(Self.outerUnits, planeGroups))
    let splits = min(rows, ceilDivide(Self.outerUnits, planeGroups * vectorGroups))
    let chunk = max(1, Self.outerPixels / width)
    let partialsStart = lastCount + plainCount, partialCount = sizes.partialCount
    let most = ceilDivide(planes, planeGroups)
    let products = Kernel.Pass(units: splits * vectorGroups * planeGroups) { unit, memory in
      let split = unit / (vectorGroups * planeGroups), all = part(split, of: splits, rows)
      let range = part(unit % planeGroups, of: planeGroups, planes)
      for vector in part(unit / planeGroups % vectorGroups, of: vectorGroups, vectors) {
        let to =
          splits == 1
          ? memory.scratch
          : memory.shared + partialsStart + split * partialCount + (vector * 6 * planes + range.lowerBound) * 48
        let partCount = (splits == 1 ? range.count : planes) * 48
        for k in 0..<6 {
          for first in stride(from: all.lowerBound, to: all.upperBound, by: chunk) {
            functions.outer(
              memory.shared + lastCount + range.lowerBound * plainPlane + k * width, planes * plainPlane, plainPlane, 6 * width,
              Int32(range.count), memory.shared + vector * lastPlane + k * lastRow, vectors * lastPlane, 6 * lastRow, Int32(groups),
              Int32(width), Int32(first), Int32(min(first + chunk, all.upperBound)), 1, 3, first == all.lowerBound ? 0 : 1,
              to + k * partCount)
          }
        }
        if splits == 1 {
          finish(to, part: partCount, splits: 1, range, vector: vector, sizes, memory.scratch + 6 * most * 48, memory)
        }
      }
    }
    return Kernel(
      family: "convolution.winograd",
      passes: [transforming, products] + (splits > 1 ? [finishing(sizes, start: partialsStart, splits: splits)] : []),
      sharedCount: partialsStart + (splits > 1 ? splits * partialCount : 0),
      scratchCount: max((shape.height + 2) * lastRow, most * 6 * 48 + most * 144, planes * 144), flops: shape.flops)
  }

  /// The pass that adds the partials [splits][vectors][6][planes][3][16] at `start` of the shared memory up.
  private func finishing(_ sizes: OuterSizes, start: Int, splits: Int) -> Kernel.Pass {
    let shares = min(sizes.planes, max(1, ceilDivide(8, sizes.vectors)))
    return Kernel.Pass(units: sizes.vectors * shares) { unit, memory in
      let vector = unit / shares, range = part(unit % shares, of: shares, sizes.planes)
      finish(
        memory.shared + start + (vector * 6 * sizes.planes + range.lowerBound) * 48, part: sizes.planes * 48, splits: splits, range,
        vector: vector, sizes, memory.scratch, memory)
    }
  }

  /// Turns the sum of the partials of some planes into their filters; `scratch` has space for those.
  private func finish(
    _ from: UnsafePointer<Float>, part: Int, splits: Int, _ range: Range<Int>, vector: Int, _ sizes: OuterSizes,
    _ scratch: UnsafeMutablePointer<Float>, _ memory: KernelMemory
  ) {
    let channels = sizes.channels, at = (range.lowerBound * channels + vector * 16) * 9
    functions.winograd_filter_gradient(from, part, sizes.partialCount, Int32(splits), Int32(range.count), scratch)
    functions.separate(
      scratch, 0, 1, Int32(range.count), 9, 0, Int32(min(16, channels - vector * 16)), channels * 9, 9,
      addend(memory).map { $0 + at }, memory.outputs[0] + at)
  }
}
