import CKernels

/// Winograd's minimal filtering along the rows' axis: four rows at a time are made from six transformed ones (Lavin and Gray, "Fast
/// Algorithms for Convolutional Neural Networks", 2016). Columns stay as they are, so that vectors run along them.
struct WinogradRows: ConvolutionAlgorithm {
  static let family = "convolution.winograd"
  static let slots = [ConvolutionSlot.output, .image]
  static let when =
    "The filter is 3x3 with a border of 1, nothing is upsampled, the height is a multiple of 4, the width of 16, and both sides have at "
    + "least \(channels) channels, or \(outputChannels) for an output, which elementwise work follows more cheaply behind plain "
    + "products: minimal filtering in bands of rows needs half of the products."

  /// Channels of either side from which the transforms cost less than they save.
  private static let channels = 8
  /// The same for outputs.
  private static let outputChannels = 16

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    return isMinimal(shape) && shape.width % 16 == 0 && (problem.isGradient || min(shape.inputs, shape.outputs) >= outputChannels)
  }

  /// Whether minimal filtering is possible, and worth it.
  static func isMinimal(_ shape: ConvolutionShape) -> Bool {
    shape.filterHeight == 3 && shape.filterWidth == 3 && shape.padding == 1 && shape.upsampling == 1 && shape.height % 4 == 0
      && min(shape.inputs, shape.outputs) >= channels
  }

  /// The source rows of each group: those at `offsets` from its first, mirrored or left out where there are none.
  static func sources(_ shape: ConvolutionShape, groups: Range<Int>, _ offsets: ClosedRange<Int>, mirrors: Bool) -> [[Int]] {
    groups.flatMap { group in offsets.map { 4 * group + $0 } }
      .map { y in
        if (0..<shape.height).contains(y) { return [y] }
        return mirrors && shape.border == .reflect ? [y < 0 ? -y : 2 * shape.height - 2 - y] : []
      }
  }

  func kernel() -> Kernel {
    let problem = problem, reads = problem.reads, isGradient = problem.isGradient
    let planes = problem.planes, channels = reads.channels, width = shape.width, panel = problem.panel
    let bands = bands(reads)
    let rows = ConvolutionBands(reads: reads, expansions: bands.map(\.expansion), batch: shape.batch)
    let rowsCount = ceilDivide(rows.planeCount * channels, 16) * 16
    let sumsCount = 6 * planes * panel
    // Not a power of two, for whose multiples the first-level cache has few places.
    let resultPlane = bands[0].expansion.targetRows.count * width + 16
    @Sendable func piece(_ index: Int, _ isLast: Bool, _ memory: KernelMemory, inScratch: Bool) {
      let image = index / bands.count, band = bands[index % bands.count], expansion = band.expansion
      let sums = memory.scratch + rowsCount, source = memory.inputs[problem.source]
      functions.pointee.winograd_expand(
        expansion.table, band.groups, source + image * channels * reads.area, channels, expansion.planeCount, memory.scratch)
      var prepared = fk_planes(at: memory.scratch, plane: expansion.planeCount, count: channels)
      let start = image * planes * reads.area
      let to = inScratch ? sums + sumsCount - expansion.targetRows.lowerBound * width : memory.outputs[0] + start
      let plane = inScratch ? resultPlane : reads.area
      var table = band.offsets.table, soon = rows.soon(after: index, isLast, source)
      var filter = fk_filter(
        at: memory.shared, out: isGradient ? 3 : channels * 3, in: isGradient ? planes * 3 : 3, outs: planes)
      var writes = fk_winograd_writes(
        to: to, add: addend(memory, at: start), places: band.offsets.writes, per_panel: panel / 16, piece: 16, groups: 0,
        reflect: false, more: false, span: 1, row: width, plane: plane, sums: 0)
      functions.pointee.multiply_winograd(&prepared, &table, &filter, sums, &writes, &soon)
      for border in band.borders {
        table = border.offsets.table
        filter = problem.filters(memory, of: 0..<planes, tap: border.filterRow * 3)
        var writes = fk_writes(to: to, add: to, places: border.offsets.writes, plane: plane)
        functions.pointee.multiply(&prepared, &table, &filter, &writes, nil)
      }
    }
    let local = Kernel.Pieces.Local(
      offset: rowsCount + sumsCount, stride: resultPlane, scratchCount: rowsCount + sumsCount + planes * resultPlane
    ) { piece($0, $1, $2, inScratch: true) }
    let pieces = Kernel.Pieces(
      extents: rows.extents(width: width), units: min(rows.total, 2 * Kernel.someUnits),
      run: { piece($0, $1, $2, inScratch: false) }, local: problem.accumulating ? nil : local)
    return Kernel(
      family: Self.family, passes: [transformFilter()], pieces: pieces, sharedCount: 18 * planes * channels,
      scratchCount: rowsCount + sumsCount, flops: shape.flops)
  }

  /// The pass that leaves the transformed filters [6][outputs][inputs][3] in shared memory.
  private func transformFilter() -> Kernel.Pass {
    let count = shape.outputs * shape.inputs, units = min(ceilDivide(count, 512), 8)
    return Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, count)
      functions.pointee.winograd_filter(
        memory.inputs[1 - problem.source] + range.lowerBound * 9, 0, 1, range.count, problem.isGradient, count * 3,
        memory.shared + range.lowerBound * 3)
    }
  }

  /// Some groups of four rows of one image.
  private struct Band: Sendable {
    let expansion: ConvolutionExpansion
    let groups: Int
    /// reads: [panels][6][3 taps][blocks], writes: where the first row of each vector goes.
    let offsets: ConvolutionOffsets
    /// What a mirrored border adds to a row of the image's gradient: one more row of the output's, times a row of the filter.
    let borders: [(filterRow: Int, offsets: ConvolutionOffsets)]
  }

  private func bands(_ reads: ConvolutionTaps) -> [Band] {
    let blocks = problem.blocks, (height, width) = reads.lists.target
    let wanted = min(
      ceilDivide(height / 4 * shape.batch, Kernel.someUnits),
      max(1, ConvolutionBands.floats / (6 * reads.channels * (width + 2))))
    let starts = ConvolutionExpansion.pieces(width: width, piece: 16)
    let most = ConvolutionProblem.mostBlocks, whole = (1...most).first { $0 * starts.count % most == 0 }!
    let groups = min(height / 4, ceilDivide(wanted, whole) * whole)
    return stride(from: 0, to: height / 4, by: groups).map { first in
      let count = min(groups, height / 4 - first), rows = 4 * first..<4 * (first + count)
      var sources = Self.sources(shape, groups: first..<first + count, -1...4, mirrors: !problem.isGradient)
      // The rows beyond the image mirror its second and its last but one.
      var mirrored: [(filterRow: Int, slot: Int, y: Int)] = []
      if problem.isGradient, shape.border == .reflect {
        for (filterRow, source, y) in [(0, 0, 1), (2, height - 1, height - 2)] where rows.contains(y) {
          mirrored.append((filterRow, sources.count, y))
          sources.append([source])
        }
      }
      let expansion = ConvolutionExpansion(reads, sources: sources, rows: rows, piece: 16)
      let offsets = ConvolutionOffsets(
        (0..<count).flatMap { group in starts.map { (group: group, x: $0) } }, blocks: blocks, taps: 18,
        read: { expansion.place(row: 6 * $2.group + $1 / 3, tap: $1 % 3, x: $2.x) },
        write: { (rows.lowerBound + 4 * $0.group) * width + $0.x })
      let borders = mirrored.map { mirror in
        (
          mirror.filterRow,
          ConvolutionOffsets(
            starts, blocks: blocks, taps: 3, read: { expansion.place(row: mirror.slot, tap: $1, x: $2) },
            write: { mirror.y * width + $0 })
        )
      }
      return Band(expansion: expansion, groups: count, offsets: offsets, borders: borders)
    }
  }
}
