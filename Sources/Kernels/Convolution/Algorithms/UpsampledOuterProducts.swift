import CKernels

/// Outer products of the small image and of the output's pixels of each parity, then the transpose of folding the filter.
struct UpsampledOuterProducts: ConvolutionAlgorithm {
  static let family = OuterProducts.family
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "A 3x3 filter with a border of 1 reads an upsampled image of at least \(OuterProducts.channels) channels: outer products for each "
    + "of the four 2x2 filters, then unfolded."

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    PhaseFilters.exist(for: problem.shape) && problem.shape.inputs >= OuterProducts.channels
  }

  func kernel() -> Kernel {
    let (height, width, planes, channels) = (shape.height, shape.width, shape.outputs, shape.inputs)
    let area = height * width, vectors = ceilDivide(channels, 16), filters = PhaseFilters(problem: problem)
    let lastRow = (width + 2) * 16, lastPlane = (height + 2) * lastRow
    // In shared memory: the image with the channel last, the phases of the output, the gradients of their filters.
    let phases = shape.batch * vectors * lastPlane, phaseCount = planes * area
    let gradients = phases + shape.batch * 4 * phaseCount
    let copying = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let image = unit / vectors, first = unit % vectors * 16, extent = fk_extent(height: height, width: width)
      var from = fk_planes(
        at: memory.inputs[0] + (image * channels + first) * area, plane: area, count: min(16, channels - first))
      var border = fk_border(y: 1, x: 1, kind: shape.border == .reflect ? 2 : 0)
      functions.pointee.interleave(&from, extent, &border, memory.shared + unit * lastPlane)
      let range = part(unit % vectors, of: vectors, planes)
      functions.pointee.split(
        memory.inputs[1] + (image * planes + range.lowerBound) * 4 * area, range.count, extent, phaseCount,
        memory.shared + phases + image * 4 * phaseCount + range.lowerBound * area)
    }
    let partials = FilterPartials(
      planes: planes, channels: channels, parts: 4, taps: (2, 2), batch: shape.batch, height: height, width: width,
      start: gradients + 16 * filters.count, dividing: .vectors)
    let passes = partials.passes(functions) { vector, phase, range, memory in
      (
        fk_images(
          at: memory.shared + phases + phase * phaseCount + range.lowerBound * area, image: 4 * phaseCount, plane: area, row: width,
          count: range.count),
        fk_images(
          at: memory.shared + vector * lastPlane + phase / 2 * lastRow + phase % 2 * 16, image: vectors * lastPlane, plane: 0,
          row: lastRow, count: 1)
      )
    } _: { from, part, vector, range, _, memory in
      for phase in 0..<4 {
        let to = memory.shared + gradients + (phase * filters.count + range.lowerBound * channels + vector * 16) * 4
        var partials = fk_partials(at: from.at + phase * part, stride: from.stride, count: from.count)
        var gradient = fk_gradient(to: to, add: nil, plane: channels * 4, channel: 4)
        functions.pointee.separate(&partials, range.count, 4, false, min(16, channels - vector * 16), &gradient)
      }
    }
    return Kernel(
      family: Self.family, passes: [copying] + passes + [filters.unfolding(from: gradients)], sharedCount: partials.sharedCount,
      scratchCount: partials.scratchCount(), flops: shape.flops)
  }
}
