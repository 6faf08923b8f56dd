import CKernels

/// Winograd's minimal filtering for small images, many of which share a panel.
///
/// The output slot reads six rows for four; its transpose, the image slot, makes six rows from four, which overlap and
/// reach beyond the image by the border.
struct WinogradColumns: ConvolutionAlgorithm {
  static let family = WinogradRows.family
  static let slots = WinogradRows.slots
  static let when =
    "The same for images 4 or 8 pixels wide, of which whole ones fill a panel, from 8 channels on: minimal filtering of whole images."

  /// Floats of transformed filters that a unit keeps in the second-level cache.
  private static let filterCount = 1 << 16
  /// Most units that divide the planes of a result.
  private static let units = 4
  /// Channels that are prepared at a time.
  private static let chunk = 16

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    return WinogradRows.isMinimal(shape) && (shape.width == 4 || shape.width == 8)
      && ConvolutionProblem.mostPixels % (shape.height / 4 * shape.width) == 0
  }

  func kernel() -> Kernel {
    let problem = problem, reads = problem.reads, isGradient = problem.isGradient
    let panel = problem.panel, blocks = problem.blocks, planes = problem.planes, channels = reads.channels
    let width = shape.width, groups = shape.height / 4, imageCount = groups * width
    // A panel holds some whole images, or an image fills some panels.
    let perPanel = max(1, panel / imageCount), span = max(1, imageCount / panel)
    let sets = ceilDivide(shape.batch, perPanel), panels = sets * span
    let lastUsed = span > 1 ? blocks : ceilDivide((shape.batch - (sets - 1) * perPanel) * imageCount, 16)

    // The rows of each group, transformed, then read by three taps.
    let sources = WinogradRows.sources(shape, groups: 0..<groups, isGradient ? 0...3 : -1...4, mirrors: true)
    let expansion = ConvolutionExpansion(reads, sources: sources, rows: 0..<shape.height, piece: width)
    let planeCount = expansion.planeCount, pitch = expansion.pitch
    let transformedCount = 6 * groups * pitch
    let table = ConvolutionOffsets(
      reads: (0..<18).flatMap { tap in
        (0..<groups).map { expansion.place(row: 6 * $0 + tap / 3, tap: tap % 3, x: 0) - expansion.start }
      })
    let channelCount = 18 * panel, panelCount = channels * channelCount
    let gatherUnits = min(channels, Kernel.someUnits)
    let gather = Kernel.Pass(units: gatherUnits * sets) { unit, memory in
      let at = unit / gatherUnits, range = part(unit % gatherUnits, of: gatherUnits, channels)
      let rows = memory.scratch, transformed = rows + planeCount * Self.chunk + 16
      let images = at * perPanel..<min((at + 1) * perPanel, shape.batch)
      for image in images {
        for channel in stride(from: range.lowerBound, to: range.upperBound, by: Self.chunk) {
          let count = min(Self.chunk, range.upperBound - channel)
          functions.pointee.expand(
            expansion.table, memory.inputs[problem.source] + (image * channels + channel) * reads.area, count, planeCount, rows)
          for index in 0..<count {
            functions.pointee.winograd_rows(
              isGradient, rows + index * planeCount + expansion.start, fk_groups(group: (isGradient ? 4 : 6) * pitch, row: pitch),
              groups, pitch, transformed + index * transformedCount, fk_groups(group: 6 * pitch, row: pitch))
          }
          var from = fk_planes(at: transformed, plane: transformedCount, count: count)
          for part in 0..<span {
            var reads = fk_row_reads(at: table.reads + part * groups / span, taps: 18, stride: groups)
            functions.pointee.assemble(
              &from, &reads, fk_extent(height: groups / span, width: width), channelCount, panel,
              memory.shared + (at * span + part) * panelCount + channel * channelCount + (image - images.lowerBound) * imageCount)
          }
        }
      }
    }

    let offsets = ConvolutionOffsets(
      reads: (0..<panels).flatMap { at in
        (0..<18).flatMap { tap in (0..<blocks).map { at * panelCount + tap * panel + 16 * $0 } }
      }, taps: 18, panels: panels, lastUsed: lastUsed)
    // Places of whole images for a gradient, otherwise of rows; what a last panel does not have is left out.
    let pieces = isGradient ? 1 : groups, placesPerPanel = perPanel * pieces / (isGradient ? 1 : span)
    let places = ConvolutionOffsets(
      reads: (0..<sets * perPanel * pieces).map { place in
        let image = place / pieces
        return image < shape.batch ? image * planes * reads.area + place % pieces * 4 * width : -1
      })
    // Every unit reads all of the transformed rows; there are as few as keep some lanes busy.
    let units = min(ceilDivide(planes, 6), Self.units), most = ceilDivide(planes, units)
    let depth = min(channels, max(16, Self.filterCount / (18 * most)))
    let product = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, planes), filters = memory.scratch, count = range.count
      var table = offsets.table
      let sums = filters + most * depth * 18, first = range.lowerBound * reads.area
      for channel in stride(from: 0, to: channels, by: depth) {
        let some = min(depth, channels - channel), isLast = channel + some == channels
        let filter = problem.filters(memory, of: range, channel: channel)
        // In the order of the filter's memory.
        let (runs, run) = isGradient ? (some, count) : (count, some)
        functions.pointee.winograd_filter(
          filter.at, isGradient ? filter.in : filter.out, runs, run, false, count * some * 3, filters)
        var from = fk_planes(at: memory.shared + channel * channelCount, plane: channelCount, count: some)
        var transformed = fk_filter(at: filters, out: isGradient ? 3 : some * 3, in: isGradient ? count * 3 : 3, outs: count)
        var writes = fk_winograd_writes(
          to: isLast ? memory.outputs[0] + first : nil, add: addend(memory, at: first), places: places.reads,
          per_panel: placesPerPanel, piece: width, groups: isGradient ? groups : 0, reflect: shape.border == .reflect,
          more: channel > 0, span: isGradient ? span : 1, row: width, plane: reads.area, sums: 6 * count * panel)
        functions.pointee.multiply_winograd(&from, &table, &transformed, sums, &writes, nil)
      }
    }
    return Kernel(
      family: Self.family, passes: [gather, product], sharedCount: panels * panelCount,
      scratchCount: max((planeCount + transformedCount) * Self.chunk + 48, most * depth * 18 + panels * 6 * most * panel),
      flops: shape.flops)
  }
}
