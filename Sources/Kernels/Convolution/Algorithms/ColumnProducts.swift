import CKernels

/// Dot products over the pixels of gathered panels.
struct ColumnProducts: ConvolutionAlgorithm {
  static let family = GatheredColumns.family
  static let slots = [ConvolutionSlot.filter]
  static let when = "Always: both sides are gathered into panels of pixels, then dot products."

  /// Floats of gathered panels which a unit works on at a time.
  private static let groupCount = 1 << 17

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool { true }

  /// The plain side is the one whose pixels are used as they are: the output, or with upsampling the smaller image.
  func kernel() -> Kernel {
    let panel = problem.panel, taps = problem.taps, upsampled = shape.upsampling > 1
    let reads = upsampled ? ConvolutionTaps.output(shape) : ConvolutionTaps.image(shape)
    let plain =
      upsampled
      ? ConvolutionTaps.plain(batch: shape.batch, channels: shape.inputs, height: shape.height, width: shape.width)
      : .plain(batch: shape.batch, channels: shape.outputs, height: shape.outputHeight, width: shape.outputWidth)
    let (readsInput, plainInput) = upsampled ? (1, 0) : (0, 1)
    let (plainStep, channelStep) = upsampled ? (taps, shape.inputs * taps) : (shape.inputs * taps, taps)
    // Work is divided by the largest panels, each made of those of this level.
    let each = ConvolutionProblem.mostPixels / panel, panels = ceilDivide(reads.pixels, panel)
    let plainCount = plain.channels * panel, columnCount = reads.channels * taps * panel
    let rowCount = max(reads.lists.source.width, plain.lists.source.width)

    if reads.pixels <= ConvolutionGathering.sharedPixels {
      let columns = panels * plainCount
      let gather = Kernel.Pass(units: panels * 8) { unit, memory in
        let at = unit / 8
        let plains = part(unit % 8, of: 8, plain.channels), channels = part(unit % 8, of: 8, reads.channels)
        functions.pointee.gather(
          plain.table, memory.inputs[plainInput], at, plains.lowerBound, plains.count,
          memory.shared + at * plainCount + plains.lowerBound * panel, memory.scratch)
        functions.pointee.gather(
          reads.table, memory.inputs[readsInput], at, channels.lowerBound, channels.count,
          memory.shared + columns + at * columnCount + channels.lowerBound * taps * panel, memory.scratch)
      }
      let blocks = min(reads.channels, 16)
      let dot = Kernel.Pass(units: blocks) { unit, memory in
        let channels = part(unit, of: blocks, reads.channels), start = channels.lowerBound * channelStep
        var plains = fk_panels(at: memory.shared, panel: plainCount, channels: plain.channels)
        var tapped = fk_panels(
          at: memory.shared + columns + channels.lowerBound * taps * panel, panel: columnCount, channels: channels.count)
        var gradient = fk_gradient(
          to: memory.outputs[0] + start, add: addend(memory, at: start), plane: plainStep, channel: channelStep)
        functions.pointee.dot(&plains, &tapped, taps, panels, &gradient)
      }
      return Kernel(
        family: Self.family, passes: [gather, dot], sharedCount: panels * (plainCount + columnCount), scratchCount: rowCount,
        flops: shape.flops)
    }

    let group = each * max(1, min(16, Self.groupCount / (each * (plainCount + columnCount))))
    let most = ceilDivide(panels, each), units = min(16, most)
    let filterCount = shape.filterCount
    let partials = Kernel.Pass(units: units) { unit, memory in
      let plains = memory.scratch, columns = plains + group * plainCount, row = columns + group * columnCount
      let own = part(unit, of: units, most), to = memory.shared + unit * filterCount
      let range = each * own.lowerBound..<min(each * own.upperBound, panels)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: group) {
        let count = min(group, range.upperBound - first)
        for i in 0..<count {
          functions.pointee.gather(
            plain.table, memory.inputs[plainInput], first + i, 0, plain.channels, plains + i * plainCount, row)
          functions.pointee.gather(
            reads.table, memory.inputs[readsInput], first + i, 0, reads.channels, columns + i * columnCount, row)
        }
        var plainPanels = fk_panels(at: plains, panel: plainCount, channels: plain.channels)
        var tapped = fk_panels(at: columns, panel: columnCount, channels: reads.channels)
        var gradient = fk_gradient(
          to: to, add: first > range.lowerBound ? UnsafePointer(to) : nil, plane: plainStep, channel: channelStep)
        functions.pointee.dot(&plainPanels, &tapped, taps, count, &gradient)
      }
    }
    return Kernel(
      family: Self.family, passes: [partials, combination(of: units)], sharedCount: units * filterCount,
      scratchCount: group * (plainCount + columnCount) + rowCount, flops: shape.flops)
  }
}
