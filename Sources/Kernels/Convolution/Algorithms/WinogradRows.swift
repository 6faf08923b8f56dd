import CKernels

/// The output and image slots of 3x3 filters by Winograd's minimal filtering along the rows' axis, with half of the
/// definition's products: four rows at a time are made from six transformed ones (Lavin and Gray, "Fast Algorithms for
/// Convolutional Neural Networks", 2016). Columns stay as they are, so that vectors run along them.
///
/// This file has images at least 16 pixels wide, in bands like those of `product`.
extension ConvolutionPlan {
  /// Channels of either side from which the transforms cost less than they save.
  static let winogradChannels = 8
  /// The same for outputs of large images: elementwise work follows them piece by piece, and is cheaper behind plain products.
  static let winogradOutputChannels = 16

  var isMinimal: Bool {
    shape.filterHeight == 3 && shape.filterWidth == 3 && shape.padding == 1 && shape.upsampling == 1 && shape.height % 4 == 0
      && min(shape.inputs, shape.outputs) >= Self.winogradChannels
  }
  var hasWinogradRows: Bool { isMinimal && shape.width % 16 == 0 }
  /// Whether a panel is whole images 4 or 8 pixels wide.
  var hasWinogradColumns: Bool {
    isMinimal && (shape.width == 4 || shape.width == 8) && panel % (shape.height / 4 * shape.width) == 0
  }

  /// The output slot, or with the reads of the output and `isGradient` the image slot.
  func winogradRows(_ reads: ConvolutionTaps, isGradient: Bool, weights: Weights) -> Kernel {
    let functions = functions, shape = shape, panel = panel, accumulating = accumulating
    let planes = isGradient ? shape.inputs : shape.outputs, channels = reads.channels, width = shape.width
    let (source, filter) = isGradient ? (1, 0) : (0, 1)
    let bands = winogradBands(reads, isGradient: isGradient)
    let expansions = bands.map(\.expansion)
    let transforming = transformFilter(input: filter, flip: isGradient)
    let rowsCount = ceilDivide(bands.map(\.expansion.planeCount).max()! * channels, 16) * 16
    let sumsCount = 6 * planes * panel
    // Not a power of two, for whose multiples the first-level cache has few places.
    let resultPlane = bands[0].expansion.targetRows.count * width + 16
    @Sendable func piece(_ index: Int, _ isLast: Bool, _ memory: KernelMemory, inScratch: Bool) {
      let image = index / bands.count, band = bands[index % bands.count], expansion = band.expansion
      let rows = memory.scratch, sums = rows + rowsCount
      functions.winograd_expand(
        expansion.table, Int32(band.groups), memory.inputs[source] + image * channels * reads.area, Int32(channels),
        expansion.planeCount, rows)
      let start = image * planes * reads.area
      let to = inScratch ? sums + sumsCount - expansion.targetRows.lowerBound * width : memory.outputs[0] + start
      let plane = inScratch ? resultPlane : reads.area
      let places = fk_winograd_places(
        places: band.offsets.writes, per_panel: Int32(panel / 16), piece: 16, groups: 0, reflect: 0, row: width, plane: plane,
        sums: 0,
        more: 0)
      functions.multiply_winograd(
        rows, expansion.planeCount, Int32(channels), band.offsets.reads, band.sums.writes, Int32(band.panels), Int32(band.lastUsed),
        memory.shared, isGradient ? 3 : channels * 3, isGradient ? planes * 3 : 3, Int32(planes), sums, places,
        addend(memory).map { $0 + start }, to,
        isLast ? fk_soon() : soon(index + 1, expansions, reads, memory.inputs[source]))
      for border in band.borders {
        functions.multiply(
          rows, expansion.planeCount, Int32(channels), border.offsets.reads, 3, Int32(border.panels), Int32(border.lastUsed),
          memory.inputs[filter] + border.filterRow * 3, weights.plane, weights.channel, Int32(planes), to, border.offsets.writes,
          plane, to, fk_soon())
      }
    }
    let extents = (0..<shape.batch).flatMap { image in
      bands.map { band in
        let rows = band.expansion.targetRows
        return (image: image, pixels: rows.lowerBound * width..<rows.upperBound * width)
      }
    }
    let local = Kernel.Pieces.Local(
      offset: rowsCount + sumsCount, stride: resultPlane, scratchCount: rowsCount + sumsCount + planes * resultPlane
    ) { piece($0, $1, $2, inScratch: true) }
    let pieces = Kernel.Pieces(
      extents: extents, units: min(extents.count, 2 * Self.rowUnits), run: { piece($0, $1, $2, inScratch: false) },
      local: accumulating ? nil : local)
    return Kernel(
      family: "convolution.winograd", passes: [transforming], pieces: pieces, sharedCount: 18 * planes * channels,
      scratchCount: rowsCount + sumsCount, flops: shape.flops)
  }

  /// The pass that leaves the transformed filters [6][outputs][inputs][3] in shared memory.
  private func transformFilter(input: Int, flip: Bool) -> Kernel.Pass {
    let functions = functions, count = shape.outputs * shape.inputs, units = min(ceilDivide(count, 512), 8)
    return Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, count)
      functions.winograd_filter(
        memory.inputs[input] + range.lowerBound * 9, 0, 1, Int32(range.count), flip ? 1 : 0, count * 3,
        memory.shared + range.lowerBound * 3)
    }
  }

  /// Some groups of four rows of one image.
  private struct WinogradBand: Sendable {
    let expansion: ConvolutionExpansion
    let groups: Int
    /// reads: [panels][6][3 taps][blocks], writes: where the first row of each vector goes.
    let offsets: ConvolutionOffsets
    /// Where each block of a panel's sums begins.
    let sums: ConvolutionOffsets
    let panels: Int
    let lastUsed: Int
    let borders: [Border]

    /// What a mirrored border adds to a row of the image's gradient: one more row of the output's, times a row of the filter.
    struct Border: Sendable {
      let filterRow: Int
      let offsets: ConvolutionOffsets
      let panels: Int
      let lastUsed: Int
    }
  }

  private func winogradBands(_ reads: ConvolutionTaps, isGradient: Bool) -> [WinogradBand] {
    let blocks = panel / 16, (height, width) = reads.lists.target, across = width / 16
    let wanted = min(
      ceilDivide(height / 4 * shape.batch, Self.rowUnits), max(1, Self.bandCount / (6 * reads.channels * (width + 2))))
    let whole = (1...blocks).first { $0 * across % blocks == 0 }!
    let groups = min(height / 4, ceilDivide(wanted, whole) * whole)
    return stride(from: 0, to: height / 4, by: groups).map { first in
      let count = min(groups, height / 4 - first), rows = 4 * first..<4 * (first + count)
      var sources = (first..<first + count).flatMap { group in
        (-1...4).map { k in
          let y = 4 * group + k
          if isGradient || shape.border == .zeros { return (0..<height).contains(y) ? [y] : [] }
          return [y < 0 ? -y : y < height ? y : 2 * height - 2 - y]
        }
      }
      // The rows beyond the image mirror its second and its last but one.
      var mirrored: [(filterRow: Int, slot: Int, y: Int)] = []
      if isGradient, shape.border == .reflect {
        for (filterRow, source, y) in [(0, 0, 1), (2, height - 1, height - 2)] where rows.contains(y) {
          mirrored.append((filterRow, sources.count, y))
          sources.append([source])
        }
      }
      let expansion = ConvolutionExpansion(reads, sources: sources, rows: rows, piece: 16)
      var vectors = (0..<count).flatMap { group in (0..<across).map { (group: group, x: 16 * $0) } }
      let panels = ceilDivide(vectors.count, blocks), lastUsed = vectors.count - (panels - 1) * blocks
      while vectors.count < panels * blocks { vectors.append(vectors[0]) }
      let table = (0..<panels).flatMap { panel in
        (0..<6).flatMap { k in
          (0..<3).flatMap { tap in
            vectors[panel * blocks..<(panel + 1) * blocks].map { expansion.place(row: 6 * $0.group + k, tap: tap, x: $0.x) }
          }
        }
      }
      let writes = vectors.map { (rows.lowerBound + 4 * $0.group) * width + $0.x }
      let borders = mirrored.map { mirror in
        var xs = (0..<across).map { 16 * $0 }
        let panels = ceilDivide(xs.count, blocks), lastUsed = xs.count - (panels - 1) * blocks
        while xs.count < panels * blocks { xs.append(0) }
        let table = (0..<panels).flatMap { panel in
          (0..<3).flatMap { tap in
            xs[panel * blocks..<(panel + 1) * blocks].map { expansion.place(row: mirror.slot, tap: tap, x: $0) }
          }
        }
        return WinogradBand.Border(
          filterRow: mirror.filterRow, offsets: ConvolutionOffsets(reads: table, writes: xs.map { mirror.y * width + $0 }),
          panels: panels, lastUsed: lastUsed)
      }
      return WinogradBand(
        expansion: expansion, groups: count, offsets: ConvolutionOffsets(reads: table, writes: writes),
        sums: ConvolutionOffsets(reads: [], writes: (0..<blocks).map { 16 * $0 }), panels: panels, lastUsed: lastUsed,
        borders: borders)
    }
  }
}
