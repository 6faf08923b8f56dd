import CKernels

/// Products along the rows of prepared bands.
struct RowProducts: ConvolutionAlgorithm {
  static let family = BandedRows.family
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "Nothing is upsampled, the output is at least 16 pixels wide, and the image has fewer than \(OuterProducts.channels) channels, too "
    + "few to fill vectors: dot products run along prepared rows."

  /// Target rows of a prepared band.
  static let rows = 16
  /// Pixels that a register tile runs over at a time, so that both sides stay in the first-level cache.
  static let pixels = 1024

  let problem: ConvolutionProblem
  init(_ problem: ConvolutionProblem) { self.problem = problem }

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    problem.shape.upsampling == 1 && problem.shape.outputWidth >= 16 && problem.shape.inputs < OuterProducts.channels
  }

  /// The target of `reads` in bands; for each set of taps where they find its rows.
  static func bands(_ reads: ConvolutionTaps, tapSets: [[Int]]) -> [(expansion: ConvolutionExpansion, tables: [ConvolutionOffsets])]
  {
    let height = reads.lists.target.height
    return stride(from: 0, to: height, by: rows).map { first in
      let expansion = ConvolutionExpansion(reads, rows: first..<min(first + rows, height), piece: 16)
      return (expansion, tapSets.map { expansion.rowTable(taps: $0) })
    }
  }

  func kernel() -> Kernel {
    let taps = problem.taps, filterCount = shape.filterCount, height = shape.outputHeight, width = shape.outputWidth
    let bands = Self.bands(.image(shape), tapSets: [Array(0..<taps)])
    let chunk = max(1, Self.pixels / width)
    let total = shape.batch * bands.count, units = min(total, Kernel.someUnits), sumsCount = filterCount * 16
    let partials = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, planes = sums + sumsCount
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, (expansion, tables) = bands[index % bands.count], rows = expansion.targetRows
        functions.pointee.expand(
          expansion.table, memory.inputs[0] + image * shape.inputs * shape.height * shape.width, shape.inputs,
          expansion.planeCount, planes)
        for first in stride(from: 0, to: rows.count, by: chunk) {
          functions.pointee.dot_rows(
            fk_planes(
              at: memory.inputs[1] + (image * shape.outputs * height + rows.lowerBound + first) * width, plane: height * width,
              count: shape.outputs),
            fk_planes(at: planes, plane: expansion.planeCount, count: shape.inputs),
            fk_row_reads(at: tables[0].reads + first, taps: taps, stride: rows.count),
            fk_extent(height: min(chunk, rows.count - first), width: width), index > range.lowerBound || first > 0, sums)
        }
      }
      functions.pointee.total(sums, filterCount, memory.shared + unit * filterCount)
    }
    return Kernel(
      family: Self.family, passes: [partials, combination(of: units)], sharedCount: units * filterCount,
      scratchCount: sumsCount + bands.map(\.expansion.planeCount).max()! * shape.inputs, flops: shape.flops)
  }
}
