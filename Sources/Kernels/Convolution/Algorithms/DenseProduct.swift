import CKernels

/// A matrix product of [N, J] and [K, J].
struct DenseProduct: ConvolutionAlgorithm {
  static let family = "convolution.dense"
  static let slots = ConvolutionSlot.allCases
  static let when =
    "The output is a single pixel, without padding or upsampling, and a filter is a multiple of 16 numbers: a matrix product reads or "
    + "writes the filter once, which bounds its time."

  /// Rows of the filter that are added up at a time, so that they stay in the first-level cache.
  private static let rows = 32
  /// Columns that dot products run over at a time, for the same reason.
  private static let columns = 1024

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    return shape.outputHeight == 1 && shape.outputWidth == 1 && shape.padding == 0 && shape.upsampling == 1
      && shape.filterCount / shape.outputs % 16 == 0
  }

  func kernel() -> Kernel {
    let rows = shape.outputs
    return switch problem.slot {
    case .output: output()
    case .image: product(outs: shape.batch, terms: rows, step: (rows, 1))
    case .filter: product(outs: rows, terms: shape.batch, step: (1, rows))
    }
  }

  /// J
  private var depth: Int { shape.filterCount / shape.outputs }

  /// output[n][k] = sum of image[n][j] * filter[k][j].
  private func output() -> Kernel {
    let (batch, rows, depth) = (shape.batch, shape.outputs, depth)
    let units = min(rows, Kernel.someUnits), zero = ConvolutionOffsets(reads: [0])
    let most = ceilDivide(rows, units)
    let all = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, rows)
      let sums = memory.scratch, totals = sums + batch * most * 16
      for first in stride(from: 0, to: depth, by: Self.columns) {
        var plain = fk_planes(at: memory.inputs[0] + first, plane: depth, count: batch)
        var from = fk_planes(at: memory.inputs[1] + range.lowerBound * depth + first, plane: depth, count: range.count)
        var reads = fk_row_reads(at: zero.reads, taps: 1, stride: 1)
        functions.pointee.dot_rows(
          &plain, &from, &reads, fk_extent(height: 1, width: min(Self.columns, depth - first)), first > 0, sums)
      }
      functions.pointee.total(sums, batch * range.count, totals)
      for image in 0..<batch {
        let place = image * rows + range.lowerBound
        var partials = fk_partials(at: totals + image * range.count, stride: 0, count: 1)
        functions.pointee.combine(&partials, range.count, addend(memory, at: place), memory.outputs[0] + place)
      }
    }
    return Kernel(family: Self.family, passes: [all], scratchCount: batch * most * 17, flops: shape.flops)
  }

  /// result[m][j] = sum over terms of a[m * step.out + term * step.term] * b[term][j] of the operands b and a.
  private func product(outs: Int, terms: Int, step: (out: Int, term: Int)) -> Kernel {
    let depth = depth, blocks = problem.blocks, vectors = depth / 16
    // Few results: units of columns. Many: units of rows.
    let byColumns = outs <= terms
    let units = min(byColumns ? vectors : outs, Kernel.someUnits)
    let width = byColumns ? ceilDivide(vectors, units) : vectors
    let places = (0..<ceilDivide(width, blocks) * blocks).map { $0 < width ? 16 * $0 : 0 }
    let offsets = ConvolutionOffsets(reads: places, writes: places)
    let all = Kernel.Pass(units: units) { unit, memory in
      let columns = byColumns ? part(unit, of: units, vectors) : 0..<vectors
      let rows = byColumns ? 0..<outs : part(unit, of: units, outs)
      let start = rows.lowerBound * depth + 16 * columns.lowerBound, to = memory.outputs[0] + start
      var table = offsets.table(vectors: columns.count, blocks: blocks)
      for term in stride(from: 0, to: terms, by: Self.rows) {
        var from = fk_planes(
          at: memory.inputs[0] + term * depth + 16 * columns.lowerBound, plane: depth, count: min(Self.rows, terms - term))
        var filter = fk_filter(
          at: memory.inputs[1] + rows.lowerBound * step.out + term * step.term, out: step.out, in: step.term, outs: rows.count)
        var writes = fk_writes(
          to: to, add: term > 0 ? UnsafePointer(to) : addend(memory, at: start), places: offsets.writes, plane: depth)
        functions.pointee.multiply(&from, &table, &filter, &writes, nil)
      }
    }
    return Kernel(family: Self.family, passes: [all], flops: shape.flops)
  }
}
