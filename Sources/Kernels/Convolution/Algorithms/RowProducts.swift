import CKernels

/// The filter slot of wide images with few channels: products along the rows of prepared bands.
extension ConvolutionPlan {
  /// Target rows of a prepared band.
  static let productRows = 16
  /// Pixels that a register tile runs over at a time, so that both sides stay in the first-level cache.
  static let productPixels = 1024
  /// Partial sums over images and bands.
  static let productUnits = 16

  /// Vectors over channels are better from ``outerChannels`` on.
  var hasRowProducts: Bool { shape.upsampling == 1 && shape.outputWidth >= 16 && shape.inputs < Self.outerChannels }

  func rowProducts() -> Kernel {
    let functions = functions, shape = shape, taps = taps, filterCount = shape.filterCount
    let reads = ConvolutionTaps.image(shape)
    let height = shape.outputHeight, width = shape.outputWidth
    let bands = stride(from: 0, to: height, by: Self.productRows).map { first in
      let rows = first..<min(first + Self.productRows, height)
      let expansion = ConvolutionExpansion(reads, rows: rows, piece: 16)
      return (expansion, expansion.rowTable(taps: Array(0..<taps)))
    }
    let chunk = max(1, Self.productPixels / width)
    let total = shape.batch * bands.count, units = min(total, Self.productUnits)
    let sumsCount = filterCount * 16
    let partials = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, planes = sums + sumsCount
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, (expansion, table) = bands[index % bands.count]
        functions.expand(
          expansion.table, memory.inputs[0] + image * shape.inputs * shape.height * shape.width, Int32(shape.inputs),
          expansion.planeCount, planes)
        let rows = expansion.targetRows
        for first in stride(from: 0, to: rows.count, by: chunk) {
          functions.dot_rows(
            memory.inputs[1] + (image * shape.outputs * height + rows.lowerBound + first) * width, height * width,
            Int32(shape.outputs), planes, expansion.planeCount, Int32(shape.inputs), table.reads + first, Int32(rows.count),
            Int32(taps), Int32(min(chunk, rows.count - first)), Int32(width), index == range.lowerBound && first == 0 ? 0 : 1, sums)
        }
      }
      functions.total(sums, Int32(filterCount), memory.shared + unit * filterCount)
    }
    return Kernel(
      family: "convolution.rows", passes: [partials, combination(of: units)], sharedCount: units * filterCount,
      scratchCount: sumsCount + bands.map(\.0.planeCount).max()! * shape.inputs, flops: shape.flops)
  }
}
