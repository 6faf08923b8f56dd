import CKernels

/// Four convolutions of the small image with 2x2 filters, from bands of rows.
struct UpsampledRows: ConvolutionAlgorithm {
  static let family = BandedRows.family
  static let slots = [ConvolutionSlot.output]
  static let when =
    "A 3x3 filter with a border of 1 reads an upsampled image whose width is a multiple of 16: four convolutions of the small image "
    + "with 2x2 filters need 4/9 of the products."

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    PhaseFilters.exist(for: problem.shape) && problem.shape.width % 16 == 0
  }

  func kernel() -> Kernel {
    let problem = problem, reads = ConvolutionTaps.neighbors(shape), filters = PhaseFilters(problem: problem)
    let bands = ConvolutionBand.bands(problem, reads, tapSets: PhaseFilters.taps)
    let rows = ConvolutionBands(reads: reads, expansions: bands.map(\.expansion), batch: shape.batch)
    let sumsCount = 4 * shape.outputs * problem.panel
    // Each row at low resolution gives two, twice as wide.
    let run: Kernel.Pieces.Run = { index, isLast, memory in
      let sums = memory.scratch, prepared = sums + sumsCount
      let image = index / bands.count, band = bands[index % bands.count], expansion = band.expansion
      functions.pointee.expand(
        expansion.table, memory.inputs[0] + image * shape.inputs * reads.area, shape.inputs, expansion.planeCount, prepared)
      let first = image * reads.area, targetRows = expansion.targetRows
      var from = fk_planes(at: prepared, plane: expansion.planeCount, count: shape.inputs), table = band.offsets.table
      var result = UpsampledColumns.result(self, memory, planes: 0..<shape.outputs)
      var soon = rows.soon(after: index, isLast, memory.inputs[0])
      functions.pointee.multiply_phases(
        &from, &table, memory.shared, sums, first + targetRows.lowerBound * shape.width,
        first + targetRows.upperBound * shape.width, &result, &soon)
    }
    let pieces = Kernel.Pieces(
      extents: rows.extents(width: 4 * shape.width), units: min(rows.total, 2 * Kernel.someUnits), run: run, local: nil)
    return Kernel(
      family: Self.family, passes: [filters.folding], pieces: pieces, sharedCount: 16 * filters.count,
      scratchCount: sumsCount + rows.planeCount * reads.channels, flops: shape.flops)
  }
}
