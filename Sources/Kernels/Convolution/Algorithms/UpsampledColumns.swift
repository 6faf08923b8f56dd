import CKernels

/// Four convolutions of the small image with 2x2 filters, from gathered panels.
struct UpsampledColumns: ConvolutionAlgorithm {
  static let family = GatheredColumns.family
  static let slots = [ConvolutionSlot.output]
  static let when =
    "A 3x3 filter with a border of 1 reads an upsampled image of any other width: the same four convolutions, of gathered panels."

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool { PhaseFilters.exist(for: problem.shape) }

  func kernel() -> Kernel {
    let panel = problem.panel, filters = PhaseFilters(problem: problem)
    let panels = GatheredPanels(problem: problem, reads: .neighbors(shape))
    let offsets = PhaseFilters.taps.map { ConvolutionOffsets(panelTaps: $0, blocks: problem.blocks) }
    return panels.kernel(sumsPerPlane: 4, first: [filters.folding], reserved: 16 * filters.count) {
      at, range, columns, sums, memory in
      for phase in 0..<4 {
        let filter = fk_filter(
          at: memory.shared + (phase * filters.count + range.lowerBound * shape.inputs) * 4, out: 4 * shape.inputs, in: 4,
          outs: range.count)
        panels.multiply(columns, offsets[phase], taps: 4, at: at, filter, sums + phase * range.count * panel)
      }
      var result = Self.result(self, memory, planes: range)
      functions.pointee.store_phases(sums, range.count * panel, at * panel, panels.reads.pixels, &result)
    }
  }

  /// Some planes of the result, by the extents of the small image.
  static func result(_ algorithm: some ConvolutionAlgorithm, _ memory: KernelMemory, planes: Range<Int>) -> fk_result {
    let shape = algorithm.shape
    return fk_result(
      to: memory.outputs[0], add: algorithm.addend(memory), batch: shape.batch, planes: shape.outputs, height: shape.height,
      width: shape.width, first: planes.lowerBound, outs: planes.count)
  }
}
