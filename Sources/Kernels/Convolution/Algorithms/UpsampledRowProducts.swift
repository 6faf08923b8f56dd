import CKernels

/// Products along the rows of the small image and of the output's pixels of each parity, then the transpose of folding the filter.
struct UpsampledRowProducts: ConvolutionAlgorithm {
  static let family = BandedRows.family
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "A 3x3 filter with a border of 1 reads an upsampled image at least 16 pixels wide: dot products along rows for each of the "
    + "four 2x2 filters, then unfolded."

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    PhaseFilters.exist(for: problem.shape) && problem.shape.width >= 16
  }

  func kernel() -> Kernel {
    let (height, width, planes) = (shape.height, shape.width, shape.outputs)
    let partials = RowPartials(problem: problem, reads: .neighbors(shape), tapSets: PhaseFilters.taps)
    let count = partials.count, units = partials.units
    let (pass, scratchCount) = partials.pass(start: count, plainCount: 4 * planes * RowPartials.rows * width) {
      image, rows, phases, memory in
      let area = rows.count * width
      for plane in 0..<planes {
        functions.pointee.split(
          memory.inputs[1] + ((image * planes + plane) * height + rows.lowerBound) * 4 * width, 1,
          fk_extent(height: rows.count, width: width), planes * area, phases + plane * area)
      }
      return { fk_planes(at: phases + $0 * planes * area, plane: area, count: planes) }
    }
    let combining = Kernel.Pass(units: 1) { _, memory in
      var partials = fk_partials(at: memory.shared + count, stride: count, count: units)
      functions.pointee.combine(&partials, count, nil, memory.shared)
    }
    return Kernel(
      family: Self.family, passes: [pass, combining, PhaseFilters(problem: problem).unfolding(from: 0)],
      sharedCount: (units + 1) * count, scratchCount: scratchCount, flops: shape.flops)
  }
}
