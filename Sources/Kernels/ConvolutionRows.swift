import CKernels

/// The output and image slots of images at least 16 pixels wide: bands of rows are prepared in the lane's scratch and the
/// taps read them where they are.
extension ConvolutionPlan {
  /// Channels that are added up at a time, so that the rows stay in the first-level cache.
  static let rowChannels = 64
  /// Floats of prepared rows that stay in the second-level cache.
  static let bandCount = 1 << 17
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
    let all = Kernel.Pass(units: shape.batch * bands.count) { unit, memory in
      let image = unit / bands.count, band = bands[unit % bands.count]
      functions.expand(
        band.expansion.table, memory.inputs[plane] + image * reads.channels * sourceArea, Int32(reads.channels), memory.scratch)
      let start = image * planes * reads.area
      let to = memory.outputs[0] + start
      for channel in stride(from: 0, to: reads.channels, by: Self.rowChannels) {
        let add = channel > 0 ? UnsafePointer(to) : accumulating ? UnsafePointer(memory.inputs[2] + start) : nil
        functions.multiply(
          memory.scratch + channel * band.expansion.planeCount, band.expansion.planeCount,
          Int32(min(Self.rowChannels, reads.channels - channel)), band.offsets[0].reads, Int32(reads.count), Int32(band.panels),
          Int32(band.lastUsed), memory.inputs[filter] + channel * weights.channel, weights.plane, weights.channel, Int32(planes),
          add,
          band.offsets[0].writes, reads.area, to)
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
    let all = Kernel.Pass(units: shape.batch * bands.count) { unit, memory in
      let image = unit / bands.count, band = bands[unit % bands.count]
      let sums = memory.scratch, rows = sums + 4 * sumsCount
      functions.expand(
        band.expansion.table, memory.inputs[0] + image * shape.inputs * shape.height * shape.width, Int32(shape.inputs), rows)
      let start = image * reads.area + band.expansion.targetRows.lowerBound * shape.width
      let end = image * reads.area + band.expansion.targetRows.upperBound * shape.width
      for index in 0..<band.panels {
        for (phase, offsets) in band.offsets.enumerated() {
          for channel in stride(from: 0, to: shape.inputs, by: Self.rowChannels) {
            functions.multiply(
              rows + channel * band.expansion.planeCount, band.expansion.planeCount,
              Int32(min(Self.rowChannels, shape.inputs - channel)), offsets.reads + index * 4 * (panel / 16), 4, 1,
              Int32(index == band.panels - 1 ? band.lastUsed : panel / 16), memory.shared + phase * filters * 4 + channel * 4,
              4 * shape.inputs, 4, Int32(shape.outputs), channel == 0 ? nil : UnsafePointer(sums + phase * sumsCount),
              writes.writes,
              panel, sums + phase * sumsCount)
          }
        }
        functions.store_phases(
          sums, sumsCount, Int32(start + index * panel), Int32(end), Int32(shape.outputs), Int32(shape.height), Int32(shape.width),
          0,
          Int32(shape.outputs), accumulating ? UnsafePointer(memory.inputs[2]) : nil, memory.outputs[0])
      }
    }
    return Kernel(
      family: "convolution.rows", passes: [folding, all], sharedCount: 16 * filters,
      scratchCount: 4 * sumsCount + bands.map(\.expansion.planeCount).max()! * reads.channels, flops: shape.flops)
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
