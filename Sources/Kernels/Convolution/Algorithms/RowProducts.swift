import CKernels

/// Products along the rows of prepared bands.
struct RowProducts: ConvolutionAlgorithm {
  static let family = BandedRows.family
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "Nothing is upsampled, the output is at least 16 pixels wide, and the image has fewer than \(OuterProducts.channels) channels, too "
    + "few to fill vectors: dot products run along prepared rows."

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    problem.shape.upsampling == 1 && problem.shape.outputWidth >= 16 && problem.shape.inputs < OuterProducts.channels
  }

  func kernel() -> Kernel {
    let area = shape.outputHeight * shape.outputWidth, filterCount = shape.filterCount
    let partials = RowPartials(problem: problem, reads: .image(shape), tapSets: [Array(0..<problem.taps)])
    let (pass, scratchCount) = partials.pass(start: 0) { image, rows, _, memory in
      let from = memory.inputs[1] + image * shape.outputs * area + rows.lowerBound * shape.outputWidth
      return { _ in fk_planes(at: from, plane: area, count: shape.outputs) }
    }
    return Kernel(
      family: Self.family, passes: [pass, combination(of: partials.units)], sharedCount: partials.units * filterCount,
      scratchCount: scratchCount, flops: shape.flops)
  }
}
