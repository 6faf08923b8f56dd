import CKernels

/// The filter slot as dot products over the pixels of gathered panels.
extension ConvolutionPlan {
  /// Floats of gathered panels which a unit works on at a time.
  static let groupCount = 1 << 17

  /// The plain side is the one whose pixels are used as they are: the output, or with upsampling the smaller image.
  func filterGradient() -> Kernel {
    let functions = functions, panel = panel
    let upsampled = shape.upsampling > 1
    let reads = upsampled ? ConvolutionTaps.output(shape) : ConvolutionTaps.image(shape)
    let plain =
      upsampled
      ? ConvolutionTaps.plain(batch: shape.batch, channels: shape.inputs, height: shape.height, width: shape.width)
      : .plain(batch: shape.batch, channels: shape.outputs, height: shape.outputHeight, width: shape.outputWidth)
    let (readsInput, plainInput) = upsampled ? (1, 0) : (0, 1)
    let (plainStep, channelStep) = upsampled ? (taps, shape.inputs * taps) : (shape.inputs * taps, taps)
    let panels = ceilDivide(reads.pixels, panel)
    let plainCount = plain.channels * panel, columnCount = reads.channels * taps * panel
    let rowCount = max(reads.sourceWidth, plain.sourceWidth)

    if reads.pixels <= Self.sharedPixels {
      let columns = panels * plainCount
      let gather = Kernel.Pass(units: panels * 8) { unit, memory in
        let at = unit / 8
        let plains = part(unit % 8, of: 8, plain.channels), channels = part(unit % 8, of: 8, reads.channels)
        functions.gather(
          plain.table, memory.inputs[plainInput], Int32(at), Int32(plains.lowerBound), Int32(plains.count),
          memory.shared + at * plainCount + plains.lowerBound * panel, memory.scratch)
        functions.gather(
          reads.table, memory.inputs[readsInput], Int32(at), Int32(channels.lowerBound), Int32(channels.count),
          memory.shared + columns + at * columnCount + channels.lowerBound * taps * panel, memory.scratch)
      }
      let blocks = min(reads.channels, 16)
      let dot = Kernel.Pass(units: blocks) { unit, memory in
        let channels = part(unit, of: blocks, reads.channels)
        let to = memory.outputs[0] + channels.lowerBound * channelStep
        if let addend = addend(memory), addend != UnsafePointer(memory.outputs[0]) {
          for c in channels {
            for k in 0..<plain.channels {
              let at = c * channelStep + k * plainStep
              (memory.outputs[0] + at).update(from: addend + at, count: taps)
            }
          }
        }
        functions.dot(
          memory.shared, plainCount, Int32(plain.channels), memory.shared + columns + channels.lowerBound * taps * panel,
          columnCount,
          Int32(channels.count), Int32(taps), Int32(panels), plainStep, channelStep, accumulating ? 1 : 0, to)
      }
      return Kernel(
        family: "convolution.columns", passes: [gather, dot], sharedCount: panels * (plainCount + columnCount),
        scratchCount: rowCount,
        flops: shape.flops)
    }

    let group = max(1, min(16, Self.groupCount / (plainCount + columnCount)))
    let units = min(16, panels)
    let filterCount = shape.filterCount
    let partials = Kernel.Pass(units: units) { unit, memory in
      let plains = memory.scratch, columns = plains + group * plainCount, row = columns + group * columnCount
      let range = part(unit, of: units, panels)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: group) {
        let count = min(group, range.upperBound - first)
        for i in 0..<count {
          functions.gather(
            plain.table, memory.inputs[plainInput], Int32(first + i), 0, Int32(plain.channels), plains + i * plainCount, row)
          functions.gather(
            reads.table, memory.inputs[readsInput], Int32(first + i), 0, Int32(reads.channels), columns + i * columnCount, row)
        }
        functions.dot(
          plains, plainCount, Int32(plain.channels), columns, columnCount, Int32(reads.channels), Int32(taps), Int32(count),
          plainStep, channelStep, first == range.lowerBound ? 0 : 1, memory.shared + unit * filterCount)
      }
    }
    return Kernel(
      family: "convolution.columns", passes: [partials, combination(of: units)], sharedCount: units * filterCount,
      scratchCount: group * (plainCount + columnCount) + rowCount, flops: shape.flops)
  }

  /// The pass that adds `count` partial filters in shared memory into the result.
  func combination(of count: Int) -> Kernel.Pass {
    let functions = functions, filterCount = shape.filterCount
    let units = min(8, ceilDivide(filterCount, 4096))
    return Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, filterCount)
      functions.combine(
        memory.shared + range.lowerBound, filterCount, Int32(count), Int32(range.count),
        addend(memory).map { $0 + range.lowerBound },
        memory.outputs[0] + range.lowerBound)
    }
  }
}
