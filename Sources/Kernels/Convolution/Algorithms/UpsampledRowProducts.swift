import CKernels

/// Products along the rows of the small image and of the output's pixels of each parity, then the transpose of folding the filter.
struct UpsampledRowProducts: ConvolutionAlgorithm {
  static let family = BandedRows.family
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "A 3x3 filter with a border of 1 reads an upsampled image at least 16 pixels wide: dot products along rows for each of the "
    + "four 2x2 filters, then unfolded."

  let problem: ConvolutionProblem
  init(_ problem: ConvolutionProblem) { self.problem = problem }

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    PhaseFilters.exist(for: problem.shape) && problem.shape.width >= 16
  }

  func kernel() -> Kernel {
    let (height, width, planes, channels) = (shape.height, shape.width, shape.outputs, shape.inputs)
    let bands = RowProducts.bands(.neighbours(shape), tapSets: PhaseFilters.taps)
    let chunk = max(1, RowProducts.pixels / width)
    let total = shape.batch * bands.count, units = min(total, Kernel.someUnits)
    let phaseSums = planes * channels * 4, sumsCount = 4 * phaseSums * 16
    let splitCount = 4 * planes * RowProducts.rows * width
    let partials = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, phases = sums + sumsCount, prepared = phases + splitCount
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, (expansion, tables) = bands[index % bands.count]
        let rows = expansion.targetRows, area = rows.count * width
        functions.pointee.expand(
          expansion.table, memory.inputs[0] + image * channels * height * width, channels, expansion.planeCount, prepared)
        for plane in 0..<planes {
          functions.pointee.split(
            memory.inputs[1] + ((image * planes + plane) * height + rows.lowerBound) * 4 * width, 1,
            fk_extent(height: rows.count, width: width), planes * area, phases + plane * area)
        }
        for phase in 0..<4 {
          for first in stride(from: 0, to: rows.count, by: chunk) {
            functions.pointee.dot_rows(
              fk_planes(at: phases + phase * planes * area + first * width, plane: area, count: planes),
              fk_planes(at: prepared, plane: expansion.planeCount, count: channels),
              fk_row_reads(at: tables[phase].reads + first, taps: 4, stride: rows.count),
              fk_extent(height: min(chunk, rows.count - first), width: width), index > range.lowerBound || first > 0,
              sums + phase * phaseSums * 16)
          }
        }
      }
      functions.pointee.total(sums, 4 * phaseSums, memory.shared + (unit + 1) * 4 * phaseSums)
    }
    let combining = Kernel.Pass(units: 1) { _, memory in
      functions.pointee.combine(
        fk_partials(at: memory.shared + 4 * phaseSums, stride: 4 * phaseSums, count: units), 4 * phaseSums, nil, memory.shared)
    }
    return Kernel(
      family: Self.family, passes: [partials, combining, PhaseFilters(problem: problem).unfolding(from: 0)],
      sharedCount: (units + 1) * 4 * phaseSums,
      scratchCount: sumsCount + splitCount + bands.map(\.expansion.planeCount).max()! * channels, flops: shape.flops)
  }
}
