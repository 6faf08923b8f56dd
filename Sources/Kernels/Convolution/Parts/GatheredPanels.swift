import CKernels

/// The reads of all taps gathered into panels of pixels, each of which is then multiplied by filters.
struct GatheredPanels: Sendable {
  /// Taps times channels that one pass over a panel takes, so that they stay in the first-level cache.
  private static let depth = 128

  let problem: ConvolutionProblem
  let reads: ConvolutionTaps

  /// sums[m][panel] = the product of filters and the panel `at`, gathered in `columns`.
  func multiply(
    _ columns: UnsafePointer<Float>, _ offsets: ConvolutionOffsets, taps: Int, at: Int, _ filter: fk_filter,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    let panel = problem.panel, plane = reads.count * panel, step = max(1, Self.depth / taps)
    var table = offsets.table(vectors: ceilDivide(min(panel, reads.pixels - at * panel), 16), blocks: problem.blocks)
    var filter = filter
    for channel in stride(from: 0, to: reads.channels, by: step) {
      var from = fk_planes(at: columns + channel * plane, plane: plane, count: min(step, reads.channels - channel))
      var writes = fk_writes(to: sums, add: channel == 0 ? nil : UnsafePointer(sums), places: offsets.writes, plane: panel)
      problem.functions.pointee.multiply(&from, &table, &filter, &writes, nil)
      filter.at += step * filter.in
    }
  }

  /// The kernel of which `product` turns a gathered panel into a range of the result's planes.
  ///
  /// - Parameters:
  ///   - sumsPerPlane: panels of scratch that `product` needs for a plane.
  ///   - first: passes before, which leave `reserved` floats at the start of shared memory.
  func kernel(
    sumsPerPlane: Int = 1, first: [Kernel.Pass] = [], reserved: Int = 0,
    product:
      @escaping @Sendable (
        _ at: Int, _ planes: Range<Int>, _ columns: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>,
        _ memory: KernelMemory
      ) -> Void
  ) -> Kernel {
    let panel = problem.panel, planes = problem.planes, source = problem.source
    let gathering = ConvolutionGathering(reads, problem)
    let panels = ceilDivide(reads.pixels, panel), columnCount = reads.channels * reads.count * panel
    if reads.pixels <= ConvolutionGathering.sharedPixels {
      let blocks = min(planes, max(1, ceilDivide(8, panels)))
      let gatherUnits = min(reads.channels, Kernel.someUnits)
      let gather = Kernel.Pass(units: gatherUnits * panels) { unit, memory in
        let (at, channels) = (unit / gatherUnits, part(unit % gatherUnits, of: gatherUnits, reads.channels))
        gathering.run(
          panel: at, channels: channels, from: memory.inputs[source],
          to: memory.shared + reserved + at * columnCount + channels.lowerBound * reads.count * panel, scratch: memory.scratch)
      }
      let multiply = Kernel.Pass(units: blocks * panels) { unit, memory in
        let at = unit % panels
        product(at, part(unit / panels, of: blocks, planes), memory.shared + reserved + at * columnCount, memory.scratch, memory)
      }
      return Kernel(
        family: GatheredColumns.family, passes: first + [gather, multiply], sharedCount: reserved + panels * columnCount,
        scratchCount: max(gathering.scratchCount, ceilDivide(planes, blocks) * sumsPerPlane * panel), flops: problem.shape.flops)
    }
    let units = min(panels, 2 * Kernel.someUnits), sumsCount = planes * sumsPerPlane * panel
    let all = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, columns = sums + sumsCount
      for at in part(unit, of: units, panels) {
        gathering.run(
          panel: at, channels: 0..<reads.channels, from: memory.inputs[source], to: columns, scratch: columns + columnCount)
        product(at, 0..<planes, columns, sums, memory)
      }
    }
    return Kernel(
      family: GatheredColumns.family, passes: first + [all], sharedCount: reserved,
      scratchCount: sumsCount + columnCount + gathering.scratchCount, flops: problem.shape.flops)
  }
}
