import CKernels

/// A matrix product of the filters and the gathered reads of all taps.
struct GatheredColumns: ConvolutionAlgorithm {
  static let family = "convolution.columns"
  static let slots = [ConvolutionSlot.output, .image]
  static let when = "Always: the reads of all taps are gathered into panels of pixels, then a matrix product."

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool { true }

  func kernel() -> Kernel {
    let problem = problem, panels = GatheredPanels(problem: problem, reads: problem.reads), reads = panels.reads
    let offsets = ConvolutionOffsets(panelTaps: Array(0..<reads.count), blocks: problem.blocks)
    return panels.kernel { at, range, columns, sums, memory in
      panels.multiply(columns, offsets, taps: reads.count, at: at, problem.filters(memory, of: range), sums)
      var result = fk_result(
        to: memory.outputs[0], add: addend(memory), batch: shape.batch, planes: problem.planes, height: 1, width: reads.area,
        first: range.lowerBound, outs: range.count)
      functions.pointee.store(sums, at, &result)
    }
  }
}
