import CKernels

/// A filter's gradient as dot products along the rows of prepared bands, for one set of taps or several.
struct RowPartials: Sendable {
  /// Target rows of a prepared band.
  static let rows = 16
  /// Pixels that a register tile runs over at a time, so that both sides stay in the first-level cache.
  private static let pixels = 1024

  let problem: ConvolutionProblem
  let reads: ConvolutionTaps
  let tapSets: [[Int]]

  /// Bands of all images.
  private var total: Int { problem.shape.batch * ceilDivide(reads.lists.target.height, Self.rows) }
  /// Partial sums over images and bands.
  var units: Int { min(total, Kernel.someUnits) }
  /// Sums of a set, [K][C][taps], and of all.
  private var setSums: Int { problem.shape.outputs * reads.channels * tapSets[0].count }
  var count: Int { tapSets.count * setSums }

  /// The pass that leaves partial sums [units][sets][K][C][taps] at `start` of shared memory, and its scratch.
  ///
  /// - Parameters:
  ///   - plainCount: floats of scratch for the plain side of a band.
  ///   - plain: prepares the plain side; the planes of each set, from the band's first row on.
  func pass(
    start: Int, plainCount: Int = 0,
    plain:
      @escaping @Sendable (_ image: Int, _ rows: Range<Int>, _ scratch: UnsafeMutablePointer<Float>, _ memory: KernelMemory) ->
      (_ set: Int) -> fk_planes
  ) -> (pass: Kernel.Pass, scratchCount: Int) {
    let (height, width) = reads.lists.target, source = reads.lists.source
    let bands = stride(from: 0, to: height, by: Self.rows).map { first in
      let expansion = ConvolutionExpansion(reads, rows: first..<min(first + Self.rows, height), piece: 16)
      return (expansion, tapSets.map { expansion.rowTable(taps: $0) })
    }
    let chunk = max(1, Self.pixels / width), sumsCount = 16 * count
    let pass = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, prepared = sums + sumsCount + plainCount, range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, (expansion, tables) = bands[index % bands.count], rows = expansion.targetRows.count
        problem.functions.pointee.expand(
          expansion.table, memory.inputs[0] + image * reads.channels * source.height * source.width, reads.channels,
          expansion.planeCount, prepared)
        let planes = plain(image, expansion.targetRows, sums + sumsCount, memory)
        for set in tapSets.indices {
          for first in stride(from: 0, to: rows, by: chunk) {
            var some = planes(set)
            some.at += first * width
            var from = fk_planes(at: prepared, plane: expansion.planeCount, count: reads.channels)
            var table = fk_row_reads(at: tables[set].reads + first, taps: tapSets[set].count, stride: rows)
            problem.functions.pointee.dot_rows(
              &some, &from, &table, fk_extent(height: min(chunk, rows - first), width: width),
              index > range.lowerBound || first > 0, sums + set * setSums * 16)
          }
        }
      }
      problem.functions.pointee.total(sums, count, memory.shared + start + unit * count)
    }
    return (pass, sumsCount + plainCount + bands.map(\.0.planeCount).max()! * reads.channels)
  }
}
