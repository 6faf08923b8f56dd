import CKernels

/// The filter slot by Winograd's minimal filtering: outer products of transformed rows, half as many as of the rows.
///
/// The transpose of the output slot with respect to the filter: six rows of the image and six made of four rows of the
/// output's gradient give six rows of products, which become three rows of the filter's gradient.
extension ConvolutionPlan {
  var hasWinogradOuterProducts: Bool {
    isMinimal && (shape.width == 4 || shape.width == 8 || shape.width >= 16) && shape.inputs >= Self.outerChannels
  }

  func winogradOuterProducts() -> Kernel {
    let functions = functions, shape = shape
    let (planes, channels, width) = (shape.outputs, shape.inputs, shape.width), groups = shape.height / 4
    let vectors = ceilDivide(channels, 16)
    // Transformed rows of the image with the channel last, and of the output.
    let lastRow = (width + 2) * 16, lastPlane = 6 * groups * lastRow, lastCount = shape.batch * vectors * lastPlane
    let plainPlane = 6 * groups * width, plainCount = shape.batch * planes * plainPlane
    let paddedCount = (shape.height + 2) * lastRow
    let transforming = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let image = unit / vectors, first = unit % vectors * 16
      functions.interleave(
        memory.inputs[0] + (image * channels + first) * shape.height * width, Int32(min(16, channels - first)), Int32(shape.height),
        Int32(width), 1, 1, shape.border == .reflect ? 1 : 0, memory.scratch)
      functions.winograd_rows(
        0, memory.scratch, 4 * lastRow, lastRow, Int32(groups), Int32(lastRow), memory.shared + unit * lastPlane, 6 * lastRow, lastRow)
      for plane in part(unit % vectors, of: vectors, planes) {
        functions.winograd_rows(
          1, memory.inputs[1] + (image * planes + plane) * shape.height * width, 4 * width, width, Int32(groups), Int32(width),
          memory.shared + lastCount + (image * planes + plane) * plainPlane, 6 * width, width)
      }
    }

    let rows = shape.batch * groups
    let planeGroups = min(ceilDivide(planes, 8), Self.outerUnits)
    let vectorGroups = min(vectors, ceilDivide(Self.outerUnits, planeGroups))
    let splits = min(rows, ceilDivide(Self.outerUnits, planeGroups * vectorGroups))
    let chunk = max(1, Self.outerPixels / width)
    let partialsStart = lastCount + plainCount, partialCount = vectors * planes * 6 * 48
    let most = ceilDivide(planes, planeGroups)

    /// Turns the sum of the partials of some planes into their filters; `scratch` has space for those.
    @Sendable func finish(
      _ from: UnsafePointer<Float>, part: Int, count: Int, _ range: Range<Int>, vector: Int, _ scratch: UnsafeMutablePointer<Float>,
      _ memory: KernelMemory
    ) {
      functions.winograd_filter_gradient(from, part, partialCount, Int32(count), Int32(range.count), scratch)
      let at = (range.lowerBound * channels + vector * 16) * 9
      functions.separate(
        scratch, 0, 1, Int32(range.count), 9, 0, Int32(min(16, channels - vector * 16)), channels * 9, 9,
        addend(memory).map { $0 + at }, memory.outputs[0] + at)
    }

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
          finish(to, part: partCount, count: 1, range, vector: vector, memory.scratch + 6 * most * 48, memory)
        }
      }
    }
    var passes = [transforming, products]
    if splits > 1 {
      let shares = min(planes, max(1, ceilDivide(8, vectors)))
      passes.append(
        Kernel.Pass(units: vectors * shares) { unit, memory in
          let vector = unit / shares, range = part(unit % shares, of: shares, planes)
          finish(
            memory.shared + partialsStart + (vector * 6 * planes + range.lowerBound) * 48, part: planes * 48, count: splits, range,
            vector: vector, memory.scratch, memory)
        })
    }
    return Kernel(
      family: "convolution.winograd", passes: passes, sharedCount: partialsStart + (splits > 1 ? splits * partialCount : 0),
      scratchCount: max(paddedCount, most * 6 * 48 + most * 144, planes * 144), flops: shape.flops)
  }
}
