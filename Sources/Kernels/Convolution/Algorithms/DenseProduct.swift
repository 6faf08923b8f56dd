import CKernels

/// Filters as large as the image: a matrix product of [N, J] and [K, J], bound by reading or writing the filter once.
extension ConvolutionPlan {
  /// Rows of the filter that are added up at a time, so that they stay in the first-level cache.
  static let denseRows = 32
  /// Columns that dot products run over at a time, for the same reason.
  static let denseColumns = 1024
  /// Units that keep a few lanes busy.
  static let denseUnits = 16

  var isDense: Bool {
    shape.outputHeight == 1 && shape.outputWidth == 1 && shape.padding == 0 && shape.upsampling == 1
      && shape.filterCount / shape.outputs % 16 == 0
  }

  func dense(_ slot: ConvolutionSlot) -> Kernel {
    let (rows, depth) = (shape.outputs, shape.filterCount / shape.outputs)
    switch slot {
    case .output: return denseOutput(rows: rows, depth: depth)
    case .image: return denseProduct(from: 0, coefficients: 1, outs: shape.batch, terms: rows, depth: depth, step: (rows, 1))
    case .filter: return denseProduct(from: 0, coefficients: 1, outs: rows, terms: shape.batch, depth: depth, step: (1, rows))
    }
  }

  /// output[n][k] = sum of image[n][j] * filter[k][j].
  private func denseOutput(rows: Int, depth: Int) -> Kernel {
    let functions = functions, batch = shape.batch, units = min(rows, Self.denseUnits),
      zero = ConvolutionOffsets(reads: [0], writes: [0])
    let most = ceilDivide(rows, units)
    let all = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, rows)
      let sums = memory.scratch, totals = sums + batch * most * 16
      for first in stride(from: 0, to: depth, by: Self.denseColumns) {
        functions.dot_rows(
          memory.inputs[0] + first, depth, Int32(batch), memory.inputs[1] + range.lowerBound * depth + first, depth,
          Int32(range.count),
          zero.reads, 1, 1, 1, Int32(min(Self.denseColumns, depth - first)), first == 0 ? 0 : 1, sums)
      }
      functions.total(sums, Int32(batch * range.count), totals)
      for image in 0..<batch {
        let place = image * rows + range.lowerBound
        functions.combine(
          totals + image * range.count, 0, 1, Int32(range.count), addend(memory).map { $0 + place }, memory.outputs[0] + place)
      }
    }
    return Kernel(family: "convolution.dense", passes: [all], scratchCount: batch * most * 17, flops: shape.flops)
  }

  /// result[m][j] = sum over terms of coefficients[m * step.out + term * step.term] * from[term][j].
  private func denseProduct(
    from: Int, coefficients: Int, outs: Int, terms: Int, depth: Int, step: (out: Int, term: Int)
  ) -> Kernel {
    let functions = functions, blocks = panel / 16, vectors = depth / 16
    // Few results: units of columns. Many: units of rows.
    let byColumns = outs <= terms
    let units = min(byColumns ? vectors : outs, Self.denseUnits)
    let width = byColumns ? ceilDivide(vectors, units) : vectors
    let places = (0..<ceilDivide(width, blocks) * blocks).map { $0 < width ? 16 * $0 : 0 }
    let offsets = ConvolutionOffsets(reads: places, writes: places)
    let all = Kernel.Pass(units: units) { unit, memory in
      let columns = byColumns ? part(unit, of: units, vectors) : 0..<vectors
      let rows = byColumns ? 0..<outs : part(unit, of: units, outs)
      let panels = ceilDivide(columns.count, blocks)
      let start = rows.lowerBound * depth + 16 * columns.lowerBound
      let to = memory.outputs[0] + start
      for term in stride(from: 0, to: terms, by: Self.denseRows) {
        functions.multiply(
          memory.inputs[from] + term * depth + 16 * columns.lowerBound, depth, Int32(min(Self.denseRows, terms - term)),
          offsets.reads, 1,
          Int32(panels), Int32(columns.count - (panels - 1) * blocks),
          memory.inputs[coefficients] + rows.lowerBound * step.out + term * step.term, step.out, step.term, Int32(rows.count),
          term > 0 ? UnsafePointer(to) : addend(memory).map { $0 + start }, offsets.writes, depth, to, fk_soon())
      }
    }
    return Kernel(family: "convolution.dense", passes: [all], flops: shape.flops)
  }
}
