import CKernels

/// The convolution as a matrix product: the reads of all taps are gathered into panels of pixels.
extension ConvolutionPlan {
  /// Pixels up to which all panels are gathered once, in shared memory; beyond, each unit gathers its own.
  static let sharedPixels = 960
  /// Units that keep a few lanes busy.
  static let columnUnits = 16
  /// Taps times channels that one pass over a panel takes, so that they stay in the first-level cache.
  static let depth = 128

  /// The output slot, or the image slot with the reads of the output.
  func columns(_ reads: ConvolutionTaps, plane: Int, filter: Int, planes: Int, weights: Weights) -> Kernel {
    let functions = functions, panel = panel
    let offsets = ConvolutionOffsets.panel(taps: Array(0..<reads.count), blocks: panel / 16)
    return gathered(reads, plane: plane, planes: planes, sumsPerPlane: 1) { at, range, columns, sums, memory in
      multiply(
        columns, reads, offsets, at: at, memory.inputs[filter] + range.lowerBound * weights.plane, weights, outs: range.count, sums)
      functions.store(
        sums, Int32(at), Int32(shape.batch), Int32(planes), Int32(reads.area), Int32(range.lowerBound), Int32(range.count),
        addend(memory), memory.outputs[0])
    }
  }

  /// Whether the upsampling can be folded into the filter.
  var hasPhases: Bool { shape.upsampling == 2 && shape.filterHeight == 3 && shape.filterWidth == 3 && shape.padding == 1 }

  /// The taps of each phase among the 3x3 neighbours of a pixel of the small image.
  static let phaseTaps = (0..<4).map { phase in [0, 1, 3, 4].map { $0 + phase / 2 * 3 + phase % 2 } }

  /// The output slot behind an upsampling: four convolutions of the small image with 2x2 filters, one for each parity
  /// of the output's row and column.
  func phases() -> Kernel {
    let functions = functions, panel = panel
    let reads = ConvolutionTaps.neighbours(shape)
    let tapSets = Self.phaseTaps
    let weights = Weights(plane: 4 * shape.inputs, channel: 4)
    let filters = shape.outputs * shape.inputs
    let foldUnits = min(ceilDivide(filters, 1024), 16)
    let folding = Kernel.Pass(units: foldUnits) { unit, memory in
      let range = part(unit, of: foldUnits, filters)
      functions.fold(memory.inputs[1], Int32(filters), Int32(range.lowerBound), Int32(range.upperBound), memory.shared)
    }
    if shape.width % 16 == 0 { return phaseRows(reads, tapSets, folding) }
    let offsets = tapSets.map { ConvolutionOffsets.panel(taps: $0, blocks: panel / 16) }
    return gathered(reads, plane: 0, planes: shape.outputs, sumsPerPlane: 4, first: [folding], reserved: 16 * filters) {
      at, range, columns, sums, memory in
      for phase in 0..<4 {
        multiply(
          columns, reads, offsets[phase], at: at, memory.shared + (phase * filters + range.lowerBound * shape.inputs) * 4, weights,
          outs: range.count, sums + phase * range.count * panel)
      }
      functions.store_phases(
        sums, range.count * panel, Int32(at * panel), Int32(reads.pixels), Int32(shape.outputs), Int32(shape.height),
        Int32(shape.width),
        Int32(range.lowerBound), Int32(range.count), addend(memory), memory.outputs[0])
    }
  }

  /// sums[m][panel] = the product of filters and a gathered panel.
  private func multiply(
    _ columns: UnsafePointer<Float>, _ reads: ConvolutionTaps, _ offsets: ConvolutionOffsets, at: Int,
    _ filter: UnsafePointer<Float>,
    _ weights: Weights, outs: Int, _ sums: UnsafeMutablePointer<Float>
  ) {
    let functions = functions, panel = panel
    let used = ceilDivide(min(panel, reads.pixels - at * panel), 16), step = max(1, Self.depth / offsets.taps)
    for channel in stride(from: 0, to: reads.channels, by: step) {
      functions.multiply(
        columns + channel * reads.count * panel, reads.count * panel, Int32(min(step, reads.channels - channel)), offsets.reads,
        Int32(offsets.taps), 1, Int32(used), filter + channel * weights.channel, weights.plane, weights.channel, Int32(outs),
        channel == 0 ? nil : UnsafePointer(sums), offsets.writes, panel, sums, fk_soon())
    }
  }

  /// The passes around `product`, which turns the gathered panel `at` into the range of result planes.
  private func gathered(
    _ reads: ConvolutionTaps, plane: Int, planes: Int, sumsPerPlane: Int, first: [Kernel.Pass] = [], reserved: Int = 0,
    product:
      @escaping @Sendable (
        _ at: Int, _ planes: Range<Int>, _ columns: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>,
        _ memory: KernelMemory
      ) -> Void
  ) -> Kernel {
    let panel = panel, gathering = ConvolutionGathering(reads, functions)
    let panels = ceilDivide(reads.pixels, panel), columnCount = reads.channels * reads.count * panel
    if reads.pixels <= Self.sharedPixels {
      let blocks = min(planes, max(1, ceilDivide(8, panels)))
      let gatherUnits = min(reads.channels, Self.columnUnits)
      let gather = Kernel.Pass(units: gatherUnits * panels) { unit, memory in
        let (at, channels) = (unit / gatherUnits, part(unit % gatherUnits, of: gatherUnits, reads.channels))
        gathering.run(
          panel: at, channels: channels, from: memory.inputs[plane],
          to: memory.shared + reserved + at * columnCount + channels.lowerBound * reads.count * panel, scratch: memory.scratch)
      }
      let multiply = Kernel.Pass(units: blocks * panels) { unit, memory in
        let at = unit % panels
        product(at, part(unit / panels, of: blocks, planes), memory.shared + reserved + at * columnCount, memory.scratch, memory)
      }
      return Kernel(
        family: "convolution.columns", passes: first + [gather, multiply], sharedCount: reserved + panels * columnCount,
        scratchCount: max(gathering.scratchCount, ceilDivide(planes, blocks) * sumsPerPlane * panel), flops: shape.flops)
    }
    let units = min(panels, 2 * Self.columnUnits)
    let sumsCount = planes * sumsPerPlane * panel
    let all = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, columns = sums + sumsCount
      for at in part(unit, of: units, panels) {
        gathering.run(
          panel: at, channels: 0..<reads.channels, from: memory.inputs[plane], to: columns, scratch: columns + columnCount)
        product(at, 0..<planes, columns, sums, memory)
      }
    }
    return Kernel(
      family: "convolution.columns", passes: first + [all], sharedCount: reserved,
      scratchCount: sumsCount + columnCount + gathering.scratchCount, flops: shape.flops)
  }
}
