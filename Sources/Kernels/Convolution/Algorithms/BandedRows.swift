import CKernels

/// The output and image slots of images at least 16 pixels wide: bands of rows are prepared in the lane's scratch and the
/// taps read them where they are.
extension ConvolutionPlan {
  /// Channels that are added up at a time, so that the rows stay in the first-level cache.
  static let rowChannels = 64
  /// Floats of prepared rows that stay in the second-level cache.
  static let bandCount = 1 << 15
  /// Units that keep a few lanes busy.
  static let rowUnits = 16

  /// The output slot, or the image slot with the reads of the output.
  func product(_ reads: ConvolutionTaps, plane: Int, filter: Int, planes: Int, weights: Weights) -> Kernel {
    let width = reads.lists.target.width
    guard reads.lists.offsets != nil, width >= 16 else {
      return columns(reads, plane: plane, filter: filter, planes: planes, weights: weights)
    }
    let functions = functions, shape = shape, accumulating = accumulating
    let bands = bands(reads, tapSets: [Array(0..<reads.count)])
    let expansions = bands.map(\.expansion)
    let sourceArea = reads.lists.source.height * reads.lists.source.width
    let total = shape.batch * bands.count, units = min(total, Self.rowUnits * 2)
    // Where the last vector of a row overlaps the one before, values are written twice and cannot be added to at once.
    let whole = width % 16 == 0, separately = accumulating && !whole
    let step = whole ? Self.rowChannels : reads.channels
    let rowsCount = ceilDivide(bands.map(\.expansion.planeCount).max()! * reads.channels, 16) * 16
    let sumsPlane = bands.map(\.expansion.targetRows.count).max()! * width
    @Sendable func piece(_ index: Int, _ isLast: Bool, _ memory: KernelMemory, inScratch: Bool) {
      let sums = memory.scratch + rowsCount
      let image = index / bands.count, band = bands[index % bands.count], expansion = band.expansion
      functions.expand(
        expansion.table, memory.inputs[plane] + image * reads.channels * sourceArea, Int32(reads.channels), expansion.planeCount,
        memory.scratch)
      let start = image * planes * reads.area, first = expansion.targetRows.lowerBound * width
      let to = inScratch ? sums - first : memory.outputs[0] + start
      let next = isLast ? fk_soon() : soon(index + 1, expansions, reads, memory.inputs[plane])
      for channel in stride(from: 0, to: reads.channels, by: step) {
        let add = channel > 0 ? UnsafePointer(to) : inScratch ? nil : addend(memory).map { $0 + start }
        functions.multiply(
          memory.scratch + channel * expansion.planeCount, expansion.planeCount, Int32(min(step, reads.channels - channel)),
          band.offsets.reads, Int32(reads.count), Int32(band.panels), Int32(band.lastUsed),
          memory.inputs[filter] + channel * weights.channel, weights.plane, weights.channel, Int32(planes), add,
          band.offsets.writes,
          inScratch ? sumsPlane : reads.area, to, channel == 0 ? next : fk_soon())
      }
      guard separately else { return }
      for k in 0..<planes {
        let place = start + k * reads.area + first
        functions.combine(
          sums + k * sumsPlane, 0, 1, Int32(expansion.targetRows.count * width), memory.inputs[2] + place,
          memory.outputs[0] + place)
      }
    }
    let local = Kernel.Pieces.Local(offset: rowsCount, stride: sumsPlane, scratchCount: rowsCount + planes * sumsPlane) {
      piece($0, $1, $2, inScratch: true)
    }
    let pieces = Kernel.Pieces(
      extents: extents(bands, width: width), units: units, run: { piece($0, $1, $2, inScratch: separately) },
      local: accumulating ? nil : local)
    return Kernel(
      family: "convolution.rows", pieces: pieces, scratchCount: rowsCount + (separately ? planes * sumsPlane : 0),
      flops: shape.flops
    )
  }

  /// The output slot behind an upsampling, see ``phases()``: each set of taps makes one phase.
  func phaseRows(_ reads: ConvolutionTaps, _ tapSets: [[Int]], _ folding: Kernel.Pass) -> Kernel {
    let functions = functions, shape = shape, accumulating = accumulating, panel = panel
    let bands = bands(reads, tapSets: tapSets)
    let expansions = bands.map(\.expansion)
    let filters = shape.outputs * shape.inputs, sumsCount = shape.outputs * panel
    let writes = ConvolutionOffsets.panel(taps: [], blocks: panel / 16)
    let total = shape.batch * bands.count, units = min(total, Self.rowUnits * 2)
    // Each row at low resolution gives two, twice as wide.
    let run: Kernel.Pieces.Run = { index, isLast, memory in
      let sums = memory.scratch, rows = sums + 4 * sumsCount
      let image = index / bands.count, band = bands[index % bands.count]
      functions.expand(
        band.expansion.table, memory.inputs[0] + image * shape.inputs * reads.area, Int32(shape.inputs),
        band.expansion.planeCount, rows)
      let first = image * reads.area
      let next = isLast ? fk_soon() : soon(index + 1, expansions, reads, memory.inputs[0])
      functions.multiply_phases(
        rows, band.expansion.planeCount, Int32(shape.inputs), band.offsets.reads, writes.writes, Int32(band.panels),
        Int32(band.lastUsed),
        memory.shared, Int32(shape.outputs), sums, Int32(first + band.expansion.targetRows.lowerBound * shape.width),
        Int32(first + band.expansion.targetRows.upperBound * shape.width), Int32(shape.height), Int32(shape.width),
        accumulating ? UnsafePointer(memory.inputs[2]) : nil, memory.outputs[0], next)
    }
    let pieces = Kernel.Pieces(extents: extents(bands, width: 4 * shape.width), units: units, run: run, local: nil)
    return Kernel(
      family: "convolution.rows", passes: [folding], pieces: pieces, sharedCount: 16 * filters,
      scratchCount: 4 * sumsCount + bands.map(\.expansion.planeCount).max()! * reads.channels, flops: shape.flops)
  }

  /// The pixels that the bands of every image finish, `width` for each of their rows.
  private func extents(_ bands: [Band], width: Int) -> [(image: Int, pixels: Range<Int>)] {
    (0..<shape.batch).flatMap { image in
      bands.map { band in
        let rows = band.expansion.targetRows
        return (image, rows.lowerBound * width..<rows.upperBound * width)
      }
    }
  }

  /// What the band `index` will read, if it is as many pixels as the panels before it have.
  func soon(_ index: Int, _ bands: [ConvolutionExpansion], _ reads: ConvolutionTaps, _ source: UnsafePointer<Float>) -> fk_soon {
    let (height, width) = reads.lists.source
    let image = index / bands.count, rows = bands[index % bands.count].targetRows
    guard reads.lists.step == 1 else { return fk_soon() }
    let first = min(rows.lowerBound, height - 1)
    return fk_soon(
      from: source + (image * reads.channels * height + first) * width, plane: height * width, planes: Int32(reads.channels))
  }

  /// A range of target rows and where its panels read and write.
  struct Band: Sendable {
    let expansion: ConvolutionExpansion
    /// reads: [sets of taps][panels][taps][blocks]
    let offsets: ConvolutionOffsets
    let panels: Int
    let lastUsed: Int
  }

  /// The target divided into bands, each set of taps with its own table of reads.
  func bands(_ reads: ConvolutionTaps, tapSets: [[Int]]) -> [Band] {
    let blocks = panel / 16
    let (height, width) = reads.lists.target
    let starts = ConvolutionExpansion.pieces(width: width, piece: 16)
    // Whole panels where possible.
    let whole = (1...blocks).first { $0 * starts.count % blocks == 0 }!
    // Pairs of rows, so that pooling can follow.
    let unit = whole % 2 == 0 ? whole : 2 * whole
    let rowCount = reads.channels * (reads.lists.source.width + 2)
    let wanted = min(ceilDivide(height * shape.batch, Self.rowUnits), max(1, Self.bandCount / rowCount - 2))
    let rows = ceilDivide(wanted, unit) * unit
    return stride(from: 0, to: height, by: rows).map { first in
      let range = first..<min(first + rows, height)
      let expansion = ConvolutionExpansion(reads, rows: range, piece: 16)
      var vectors = range.flatMap { y in starts.map { (y: y, x: $0) } }
      let panels = ceilDivide(vectors.count, blocks), lastUsed = vectors.count - (panels - 1) * blocks
      while vectors.count < panels * blocks { vectors.append(vectors[0]) }
      let writes = vectors.map { $0.y * width + $0.x }
      var table: [Int] = []
      table.reserveCapacity(vectors.count * tapSets.map(\.count).reduce(0, +))
      for taps in tapSets {
        for panel in 0..<panels {
          for tap in taps {
            for vector in vectors[panel * blocks..<(panel + 1) * blocks] {
              table.append(expansion.place(tap: tap, y: vector.y, x: vector.x))
            }
          }
        }
      }
      return Band(
        expansion: expansion, offsets: ConvolutionOffsets(reads: table, writes: writes), panels: panels, lastUsed: lastUsed)
    }
  }
}
