import CKernels

/// 1x1 filters: every plane is read where it is, nothing is gathered.
extension ConvolutionPlan {
  /// Pixels of a unit's pieces, so that those of all channels stay in the caches.
  static let pointwisePixels = 1024
  /// Units that keep a few lanes busy.
  static let pointwiseUnits = 32

  var isPointwise: Bool {
    taps == 1 && shape.padding == 0 && shape.upsampling == 1 && shape.height * shape.width % 16 == 0
      && max(shape.inputs, shape.outputs) <= 256
  }

  func pointwise(_ slot: ConvolutionSlot) -> Kernel {
    switch slot {
    case .output:
      return pointwise(from: 0, filter: 1, channels: shape.inputs, planes: shape.outputs, Weights(plane: shape.inputs, channel: 1))
    case .image:
      return pointwise(from: 1, filter: 0, channels: shape.outputs, planes: shape.inputs, Weights(plane: 1, channel: shape.inputs))
    case .filter: return pointwiseFilter()
    }
  }

  private func pointwise(from: Int, filter: Int, channels: Int, planes: Int, _ weights: Weights) -> Kernel {
    let functions = functions, blocks = panel / 16, area = shape.height * shape.width
    let pieces = ceilDivide(area, Self.pointwisePixels), total = shape.batch * pieces, units = min(total, Self.pointwiseUnits)
    let most = ceilDivide(min(area, Self.pointwisePixels) / 16, blocks) * blocks
    // The last panel of a piece may have fewer vectors, whose places then are never used.
    let offsets = ConvolutionOffsets(reads: (0..<most).map { 16 * $0 }, writes: (0..<most).map { 16 * $0 })
    let all = Kernel.Pass(units: units) { unit, memory in
      for index in part(unit, of: units, total) {
        let image = index / pieces, first = index % pieces * Self.pointwisePixels
        let vectors = min(Self.pointwisePixels, area - first) / 16, panels = ceilDivide(vectors, blocks)
        let place = image * planes * area + first
        functions.multiply(
          memory.inputs[from] + image * channels * area + first, area, Int32(channels), offsets.reads, 1, Int32(panels),
          Int32(vectors - (panels - 1) * blocks), memory.inputs[filter], weights.plane, weights.channel, Int32(planes),
          addend(memory).map { $0 + place }, offsets.writes, area, memory.outputs[0] + place, fk_soon())
      }
    }
    return Kernel(family: "convolution.pointwise", passes: [all], flops: shape.flops)
  }

  private func pointwiseFilter() -> Kernel {
    let functions = functions, shape = shape, area = shape.height * shape.width, filterCount = shape.filterCount
    let pieces = ceilDivide(area, Self.pointwisePixels), total = shape.batch * pieces, units = min(total, Self.productUnits)
    let zero = ConvolutionOffsets(reads: [0], writes: [0])
    let partials = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / pieces, first = index % pieces * Self.pointwisePixels
        functions.dot_rows(
          memory.inputs[1] + image * shape.outputs * area + first, area, Int32(shape.outputs),
          memory.inputs[0] + image * shape.inputs * area + first, area, Int32(shape.inputs), zero.reads, 1, 1, 1,
          Int32(min(Self.pointwisePixels, area - first)), index == range.lowerBound ? 0 : 1, memory.scratch)
      }
      functions.total(memory.scratch, Int32(filterCount), memory.shared + unit * filterCount)
    }
    return Kernel(
      family: "convolution.pointwise", passes: [partials, combination(of: units)], sharedCount: units * filterCount,
      scratchCount: filterCount * 16, flops: shape.flops)
  }
}
