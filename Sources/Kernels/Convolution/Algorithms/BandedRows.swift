import CKernels

/// Bands of rows are prepared in the lane's scratch, where the taps read them.
struct BandedRows: ConvolutionAlgorithm {
  static let family = "convolution.rows"
  static let slots = [ConvolutionSlot.output, .image]
  static let when =
    "The target is at least 16 pixels wide (and for an output nothing is upsampled): bands of rows are prepared in the cache, and the "
    + "taps read them in place."

  /// Channels that are added up at a time, so that the rows stay in the first-level cache.
  private static let channels = 64

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    problem.targetWidth >= 16 && (problem.isGradient || problem.shape.upsampling == 1)
  }

  func kernel() -> Kernel {
    let problem = problem, reads = problem.reads, planes = problem.planes, source = problem.source
    let bands = ConvolutionBand.bands(problem, reads, tapSets: [Array(0..<reads.count)])
    let rows = ConvolutionBands(reads: reads, expansions: bands.map(\.expansion), batch: shape.batch)
    let width = problem.targetWidth, sourceArea = reads.lists.source.height * reads.lists.source.width
    // Where the last vector of a row overlaps the one before, values are written twice and cannot be added to at once.
    let whole = width % 16 == 0, separately = problem.accumulating && !whole
    let step = whole ? Self.channels : reads.channels
    let rowsCount = ceilDivide(rows.planeCount * reads.channels, 16) * 16
    let sumsPlane = bands.map(\.expansion.targetRows.count).max()! * width
    @Sendable func piece(_ index: Int, _ isLast: Bool, _ memory: KernelMemory, inScratch: Bool) {
      let sums = memory.scratch + rowsCount
      let image = index / bands.count, band = bands[index % bands.count], expansion = band.expansion
      functions.pointee.expand(
        expansion.table, memory.inputs[source] + image * reads.channels * sourceArea, reads.channels, expansion.planeCount,
        memory.scratch)
      let start = image * planes * reads.area, first = expansion.targetRows.lowerBound * width
      let to = inScratch ? sums - first : memory.outputs[0] + start
      var soon = rows.soon(after: index, isLast, memory.inputs[source]), table = band.offsets.table
      for channel in stride(from: 0, to: reads.channels, by: step) {
        var from = fk_planes(
          at: memory.scratch + channel * expansion.planeCount, plane: expansion.planeCount,
          count: min(step, reads.channels - channel))
        var filter = problem.filters(memory, of: 0..<planes, channel: channel)
        var writes = fk_writes(
          to: to, add: channel > 0 ? UnsafePointer(to) : inScratch ? nil : addend(memory, at: start), places: band.offsets.writes,
          plane: inScratch ? sumsPlane : reads.area)
        functions.pointee.multiply(&from, &table, &filter, &writes, &soon)
        soon.count = 0
      }
      guard separately else { return }
      for k in 0..<planes {
        let place = start + k * reads.area + first
        var partials = fk_partials(at: sums + k * sumsPlane, stride: 0, count: 1)
        functions.pointee.combine(
          &partials, expansion.targetRows.count * width, addend(memory, at: place), memory.outputs[0] + place)
      }
    }
    let local = Kernel.Pieces.Local(offset: rowsCount, stride: sumsPlane, scratchCount: rowsCount + planes * sumsPlane) {
      piece($0, $1, $2, inScratch: true)
    }
    let pieces = Kernel.Pieces(
      extents: rows.extents(width: width), units: min(rows.total, 2 * Kernel.someUnits),
      run: { piece($0, $1, $2, inScratch: separately) }, local: problem.accumulating ? nil : local)
    return Kernel(
      family: Self.family, pieces: pieces, scratchCount: rowsCount + (separately ? planes * sumsPlane : 0), flops: shape.flops)
  }
}
