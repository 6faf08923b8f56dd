import CKernels

/// The convolution as a matrix product: the reads of all taps are gathered into panels of pixels.
extension ConvolutionPlan {
  /// Panels up to which all of them are gathered once, in shared memory; beyond, each unit gathers its own.
  static let sharedPanels = 15
  /// Taps times channels that one pass over a panel takes, so that they stay in the first-level cache.
  static let depth = 128

  /// The output slot, or the image slot with the reads of the output.
  func columns(_ reads: ConvolutionTaps, plane: Int, filter: Int, planes: Int, weights: Weights) -> Kernel {
    let functions = functions, panel = Int(functions.panel)
    let panels = ceilDivide(reads.pixels, panel), depth = reads.channels * reads.count, columnCount = depth * panel
    let gatherUnits = min(reads.channels, 16)
    let shared = panels <= Self.sharedPanels
    let step = max(1, Self.depth / reads.count)

    @Sendable func product(
      _ at: Int, _ range: Range<Int>, _ columns: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>,
      _ memory: KernelMemory
    ) {
      sums.update(repeating: 0, count: range.count * panel)
      let pixels = Int32(min(panel, reads.pixels - at * panel))
      for channel in stride(from: 0, to: reads.channels, by: step) {
        functions.multiply(
          columns + channel * reads.count * panel, Int32(min(step, reads.channels - channel)), Int32(reads.count), pixels,
          memory.inputs[filter] + range.lowerBound * weights.plane + channel * weights.channel, weights.plane, weights.channel,
          Int32(range.count), sums)
      }
      functions.store(
        sums, Int32(at), Int32(shape.batch), Int32(planes), Int32(reads.area), Int32(range.lowerBound), Int32(range.count),
        addend(memory), memory.outputs[0])
    }

    if shared {
      let blocks = min(planes, max(1, ceilDivide(16, panels)))
      let gather = Kernel.Pass(units: gatherUnits * panels) { unit, memory in
        let (at, channels) = (unit / gatherUnits, part(unit % gatherUnits, of: gatherUnits, reads.channels))
        functions.gather(
          reads.table, memory.inputs[plane], Int32(at), Int32(channels.lowerBound), Int32(channels.count),
          memory.shared + at * columnCount + channels.lowerBound * reads.count * panel, memory.scratch)
      }
      let multiply = Kernel.Pass(units: blocks * panels) { unit, memory in
        let at = unit % panels
        product(at, part(unit / panels, of: blocks, planes), memory.shared + at * columnCount, memory.scratch, memory)
      }
      return Kernel(
        family: "convolution.columns", passes: [gather, multiply], sharedCount: panels * columnCount,
        scratchCount: max(reads.sourceWidth, ceilDivide(planes, blocks) * panel), flops: shape.flops)
    }
    let units = min(panels, 32)
    let sumsCount = planes * panel
    let all = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, columns = sums + sumsCount
      for at in part(unit, of: units, panels) {
        functions.gather(reads.table, memory.inputs[plane], Int32(at), 0, Int32(reads.channels), columns, columns + columnCount)
        product(at, 0..<planes, columns, sums, memory)
      }
    }
    return Kernel(
      family: "convolution.columns", passes: [all], scratchCount: sumsCount + columnCount + reads.sourceWidth, flops: shape.flops)
  }
}
