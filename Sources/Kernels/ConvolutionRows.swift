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
    // Where the last vector of a row overlaps the one before, values are written twice and cannot be added to.
    let whole = width % 16 == 0 || (!accumulating && reads.channels <= Self.rowChannels)
    guard reads.lists.offsets != nil, width >= 16, whole else {
      return columns(reads, plane: plane, filter: filter, planes: planes, weights: weights)
    }
    let functions = functions, shape = shape, accumulating = accumulating
    let bands = bands(reads, tapSets: [Array(0..<reads.count)])
    let sourceArea = reads.lists.source.height * reads.lists.source.width
    let total = shape.batch * bands.count, units = min(total, Self.rowUnits * 2)
    let all = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, band = bands[index % bands.count]
        functions.expand(
          band.expansion.table, memory.inputs[plane] + image * reads.channels * sourceArea, Int32(reads.channels),
          band.expansion.planeCount,
          memory.scratch)
        let start = image * planes * reads.area
        let to = memory.outputs[0] + start
        let next = index + 1 < range.upperBound ? soon(index + 1, bands, reads, memory.inputs[plane]) : fk_soon()
        for channel in stride(from: 0, to: reads.channels, by: Self.rowChannels) {
          let add = channel > 0 ? UnsafePointer(to) : accumulating ? UnsafePointer(memory.inputs[2] + start) : nil
          functions.multiply(
            memory.scratch + channel * band.expansion.planeCount, band.expansion.planeCount,
            Int32(min(Self.rowChannels, reads.channels - channel)), band.offsets[0].reads, Int32(reads.count), Int32(band.panels),
            Int32(band.lastUsed), memory.inputs[filter] + channel * weights.channel, weights.plane, weights.channel, Int32(planes),
            add, band.offsets[0].writes, reads.area, to, channel == 0 ? next : fk_soon())
        }
      }
    }
    return Kernel(
      family: "convolution.rows", passes: [all], scratchCount: bands.map(\.expansion.planeCount).max()! * reads.channels,
      flops: shape.flops)
  }

  /// The output slot behind an upsampling, see ``phases()``: each set of taps makes one phase.
  func phaseRows(_ reads: ConvolutionTaps, _ tapSets: [[Int]], _ folding: Kernel.Pass) -> Kernel {
    let functions = functions, shape = shape, accumulating = accumulating, panel = panel
    let bands = bands(reads, tapSets: tapSets)
    let filters = shape.outputs * shape.inputs, sumsCount = shape.outputs * panel
    let writes = ConvolutionOffsets.panel(taps: [], blocks: panel / 16)
    let total = shape.batch * bands.count, units = min(total, Self.rowUnits * 2)
    let all = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, rows = sums + 4 * sumsCount
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, band = bands[index % bands.count]
        functions.expand(
          band.expansion.table, memory.inputs[0] + image * shape.inputs * reads.area, Int32(shape.inputs),
          band.expansion.planeCount, rows)
        let first = image * reads.area
        let next = index + 1 < range.upperBound ? soon(index + 1, bands, reads, memory.inputs[0]) : fk_soon()
        let tables = band.offsets.map { UnsafePointer<Int32>?($0.reads) }
        functions.multiply_phases(
          rows, band.expansion.planeCount, Int32(shape.inputs), tables, writes.writes, Int32(band.panels), Int32(band.lastUsed),
          memory.shared, Int32(shape.outputs), sums, Int32(first + band.expansion.targetRows.lowerBound * shape.width),
          Int32(first + band.expansion.targetRows.upperBound * shape.width), Int32(shape.height), Int32(shape.width),
          accumulating ? UnsafePointer(memory.inputs[2]) : nil, memory.outputs[0], next)
      }
    }
    return Kernel(
      family: "convolution.rows", passes: [folding, all], sharedCount: 16 * filters,
      scratchCount: 4 * sumsCount + bands.map(\.expansion.planeCount).max()! * reads.channels, flops: shape.flops)
  }

  /// What the band `index` will read, if it is as many pixels as the panels before it have.
  private func soon(_ index: Int, _ bands: [Band], _ reads: ConvolutionTaps, _ source: UnsafePointer<Float>) -> fk_soon {
    let (height, width) = reads.lists.source
    let image = index / bands.count, rows = bands[index % bands.count].expansion.targetRows
    guard reads.lists.step == 1 else { return fk_soon() }
    let first = min(rows.lowerBound, height - 1)
    return fk_soon(
      from: source + (image * reads.channels * height + first) * width, plane: height * width, planes: Int32(reads.channels))
  }

  /// A range of target rows and where its panels read and write.
  struct Band: Sendable {
    let expansion: ConvolutionExpansion
    /// One for each set of taps.
    let offsets: [ConvolutionOffsets]
    let panels: Int
    let lastUsed: Int
  }

  /// The target divided into bands, each set of taps with its own table of reads.
  func bands(_ reads: ConvolutionTaps, tapSets: [[Int]]) -> [Band] {
    let blocks = panel / 16
    let (height, width) = reads.lists.target
    let starts = ConvolutionExpansion.pieces(width: width, piece: 16)
    // Whole panels where possible.
    let unit = (1...blocks).first { $0 * starts.count % blocks == 0 }!
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
      let offsets = tapSets.map { taps in
        var table: [Int] = []
        table.reserveCapacity(vectors.count * taps.count)
        for panel in 0..<panels {
          for tap in taps {
            for vector in vectors[panel * blocks..<(panel + 1) * blocks] {
              table.append(expansion.place(tap: tap, y: vector.y, x: vector.x))
            }
          }
        }
        return ConvolutionOffsets(reads: table, writes: writes)
      }
      return Band(expansion: expansion, offsets: offsets, panels: panels, lastUsed: lastUsed)
    }
  }
}
