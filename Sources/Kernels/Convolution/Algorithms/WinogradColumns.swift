import CKernels

/// Winograd's minimal filtering for small images, many of which share a panel.
///
/// The output slot reads six rows for four; its transpose, the image slot, makes six rows from four, which overlap and
/// reach beyond the image by the border.
extension ConvolutionPlan {
  /// Floats of transformed filters that a unit keeps in the second-level cache.
  private static let winogradFilterCount = 1 << 16
  /// Most units that divide the planes of a result.
  private static let winogradUnits = 4
  /// Channels that are prepared at a time.
  private static let winogradChunk = 16

  /// The output slot, or with the reads of the output and `isGradient` the image slot.
  func winogradColumns(_ reads: ConvolutionTaps, isGradient: Bool, weights: Weights) -> Kernel {
    let functions = functions, shape = shape, panel = panel, blocks = panel / 16
    let planes = isGradient ? shape.inputs : shape.outputs, channels = reads.channels
    let (height, width) = (shape.height, shape.width), groups = height / 4
    let (source, filter) = isGradient ? (1, 0) : (0, 1)
    let imageCount = groups * width, perPanel = panel / imageCount
    let panels = ceilDivide(shape.batch, perPanel)
    let lastUsed = ceilDivide((shape.batch - (panels - 1) * perPanel) * imageCount, 16)

    // The rows of each group, transformed, then read by three taps.
    let expansion = winogradExpansion(reads, isGradient: isGradient)
    let rowsOfGroup = isGradient ? 4 : 6, planeCount = expansion.planeCount, pitch = expansion.pitch
    let transformedCount = 6 * groups * pitch
    let table = ConvolutionOffsets(
      reads: (0..<6).flatMap { k in
        (0..<3).flatMap { tap in (0..<groups).map { expansion.place(row: 6 * $0 + k, tap: tap, x: 0) - expansion.start } }
      }, writes: Array(repeating: 0, count: groups))
    let channelCount = 18 * panel, panelCount = channels * channelCount
    let gatherUnits = min(channels, Self.columnUnits)
    let gather = Kernel.Pass(units: gatherUnits * panels) { unit, memory in
      let at = unit / gatherUnits, range = part(unit % gatherUnits, of: gatherUnits, channels)
      let rows = memory.scratch, transformed = rows + planeCount * Self.winogradChunk + 16
      let images = at * perPanel..<min((at + 1) * perPanel, shape.batch)
      for image in images {
        for channel in stride(from: range.lowerBound, to: range.upperBound, by: Self.winogradChunk) {
          let count = min(Self.winogradChunk, range.upperBound - channel)
          functions.expand(
            expansion.table, memory.inputs[source] + (image * channels + channel) * reads.area, Int32(count), planeCount, rows)
          for index in 0..<count {
            functions.winograd_rows(
              isGradient ? 1 : 0, rows + index * planeCount + expansion.start, rowsOfGroup * pitch, pitch, Int32(groups),
              Int32(pitch),
              transformed + index * transformedCount, 6 * pitch, pitch)
          }
          functions.assemble(
            transformed, transformedCount, Int32(count), table.reads, Int32(groups), 18, Int32(groups), Int32(width), channelCount,
            panel, memory.shared + at * panelCount + channel * channelCount + (image - images.lowerBound) * imageCount)
        }
      }
    }

    let offsets = ConvolutionOffsets(
      reads: (0..<panels).flatMap { at in
        (0..<18).flatMap { tap in (0..<blocks).map { at * panelCount + tap * panel + 16 * $0 } }
      }, writes: (0..<blocks).map { 16 * $0 })
    // Places of whole images for a gradient, otherwise of rows; what a last panel does not have is left out.
    let pieces = isGradient ? 1 : groups, perPlace = panels * perPanel * pieces
    let places = ConvolutionOffsets(
      reads: [],
      writes: (0..<perPlace).map { place in
        let image = place / pieces
        return image < shape.batch ? image * planes * reads.area + place % pieces * 4 * width : -1
      })
    // Every unit reads all of the transformed rows; there are as few as keep some lanes busy.
    let units = min(ceilDivide(planes, 6), Self.winogradUnits), most = ceilDivide(planes, units)
    let depth = min(channels, max(16, Self.winogradFilterCount / (18 * most)))
    let product = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, planes), filters = memory.scratch, count = range.count
      let sums = filters + most * depth * 18, first = range.lowerBound * reads.area
      var place = fk_winograd_places(
        places: places.writes, per_panel: Int32(perPanel * pieces), piece: Int32(width), groups: isGradient ? Int32(groups) : 0,
        reflect: shape.border == .reflect ? 1 : 0, row: width, plane: reads.area, sums: 6 * count * panel, more: 0)
      for channel in stride(from: 0, to: channels, by: depth) {
        let some = min(depth, channels - channel)
        // In the order of the filter's memory.
        let (runs, run) = isGradient ? (some, count) : (count, some)
        functions.winograd_filter(
          memory.inputs[filter] + range.lowerBound * weights.plane + channel * weights.channel,
          isGradient ? weights.channel : weights.plane, Int32(runs), Int32(run), 0, count * some * 3, filters)
        functions.multiply_winograd(
          memory.shared + channel * channelCount, channelCount, Int32(some), offsets.reads, offsets.writes, Int32(panels),
          Int32(lastUsed), filters, isGradient ? 3 : some * 3, isGradient ? count * 3 : 3, Int32(count), sums, place,
          addend(memory).map { $0 + first }, channel + some == channels ? memory.outputs[0] + first : nil, fk_soon())
        place.more = 1
      }
    }
    return Kernel(
      family: "convolution.winograd", passes: [gather, product], sharedCount: panels * panelCount,
      scratchCount: max(
        (planeCount + transformedCount) * Self.winogradChunk + 48, most * depth * 18 + panels * 6 * most * panel),
      flops: shape.flops)
  }

  private func winogradExpansion(_ reads: ConvolutionTaps, isGradient: Bool) -> ConvolutionExpansion {
    let height = shape.height
    let sources = (0..<height / 4).flatMap { group in
      (isGradient ? 0...3 : -1...4).map { k in
        let y = 4 * group + k
        if (0..<height).contains(y) { return [y] }
        return shape.border == .zeros ? [] : [y < 0 ? -y : 2 * height - 2 - y]
      }
    }
    return ConvolutionExpansion(reads, sources: sources, rows: 0..<height, piece: shape.width)
  }
}
