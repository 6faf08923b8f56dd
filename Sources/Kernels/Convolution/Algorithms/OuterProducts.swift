import CKernels

/// The filter slot as outer products: at each pixel, values of one side times 16 channels of the other.
///
/// The side with more channels is stored with the channel last. If that is the image, its padded pixels are read around
/// each output pixel; if it is the output, the zeros around it are read around each padded image pixel.
extension ConvolutionPlan {
  /// Channels from which the vectors over channels are full enough.
  static let outerChannels = 14
  /// Pixels that a unit works on at a time, so that they stay in the second-level cache.
  static let outerPixels = 1024
  /// Units that keep a few lanes busy.
  static let outerUnits = 16

  var hasOuterProducts: Bool { shape.upsampling == 1 && max(shape.inputs, shape.outputs) >= Self.outerChannels }

  func outerProducts() -> Kernel {
    let functions = functions, shape = shape, taps = taps, accumulating = accumulating
    let imageLast = shape.inputs >= Self.outerChannels
    let reflect: Int32 = shape.border == .reflect ? 1 : 0
    let (planes, channels) = imageLast ? (shape.outputs, shape.inputs) : (shape.inputs, shape.outputs)
    let vectors = ceilDivide(channels, 16)
    let padded = (height: shape.height + 2 * shape.padding, width: shape.width + 2 * shape.padding)
    // The pixels of the products, and those of the side with the channel last.
    let height = imageLast ? shape.outputHeight : padded.height, width = imageLast ? shape.outputWidth : padded.width
    let lastRow = (width + shape.filterWidth - 1) * 16, lastPlane = (height + shape.filterHeight - 1) * lastRow
    let lastCount = shape.batch * vectors * lastPlane
    let plainCount = imageLast ? 0 : shape.batch * planes * height * width
    let copying = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let image = unit / vectors, first = unit % vectors * 16, count = Int32(min(16, channels - first))
      let to = memory.shared + unit * lastPlane
      if imageLast {
        functions.interleave(
          memory.inputs[0] + (image * channels + first) * shape.height * shape.width, shape.height * shape.width, count,
          Int32(shape.height),
          Int32(shape.width),
          Int32(shape.padding), Int32(shape.padding), reflect, to)
      } else {
        functions.interleave(
          memory.inputs[1] + (image * channels + first) * shape.outputHeight * shape.outputWidth,
          shape.outputHeight * shape.outputWidth, count, Int32(shape.outputHeight),
          Int32(shape.outputWidth), Int32(shape.filterHeight - 1), Int32(shape.filterWidth - 1), 0, to)
        let range = part(unit % vectors, of: vectors, planes)
        functions.pad(
          memory.inputs[0] + (image * planes + range.lowerBound) * shape.height * shape.width, Int32(range.count),
          Int32(shape.height),
          Int32(shape.width), Int32(shape.padding), Int32(shape.padding), reflect,
          memory.shared + lastCount + (image * planes + range.lowerBound) * height * width)
      }
    }

    let rows = shape.batch * height
    // Units of planes first: their part of the filter is contiguous if the image has the channel last.
    let groups = min(ceilDivide(planes, 8), Self.outerUnits)
    let vectorGroups = min(vectors, ceilDivide(Self.outerUnits, groups))
    let splits = min(rows, ceilDivide(Self.outerUnits, groups * vectorGroups))
    let chunk = max(1, Self.outerPixels / width)
    let planeCount = taps * 16
    let partialCount = vectors * planes * planeCount, partialsStart = lastCount + plainCount

    /// Adds the partial filters of some planes up.
    @Sendable func separate(_ from: UnsafePointer<Float>, _ range: Range<Int>, vector: Int, _ memory: KernelMemory) {
      let lanes = min(16, channels - vector * 16)
      let toPlane = imageLast ? channels * taps : taps, toLane = imageLast ? taps : planes * taps
      let start = range.lowerBound * toPlane + vector * 16 * toLane
      functions.separate(
        from, partialCount, Int32(splits), Int32(range.count), Int32(taps), imageLast ? 0 : 1, Int32(lanes), toPlane, toLane,
        accumulating ? memory.inputs[2] + start : nil, memory.outputs[0] + start)
    }

    let products = Kernel.Pass(units: splits * vectorGroups * groups) { unit, memory in
      let split = unit / (vectorGroups * groups), all = part(split, of: splits, rows)
      let range = part(unit % groups, of: groups, planes), some = part(unit / groups % vectorGroups, of: vectorGroups, vectors)
      let plain = imageLast ? UnsafePointer(memory.inputs[1]) : UnsafePointer(memory.shared + lastCount)
      for vector in some {
        let to =
          splits == 1
          ? memory.scratch + (vector - some.lowerBound) * range.count * planeCount
          : memory.shared + partialsStart + split * partialCount + (vector * planes + range.lowerBound) * planeCount
        for first in stride(from: all.lowerBound, to: all.upperBound, by: chunk) {
          functions.outer(
            plain + range.lowerBound * height * width, planes * height * width, height * width, width, Int32(range.count),
            memory.shared + vector * lastPlane, vectors * lastPlane, lastRow, Int32(height), Int32(width), Int32(first),
            Int32(min(first + chunk, all.upperBound)), Int32(shape.filterHeight), Int32(shape.filterWidth),
            first == all.lowerBound ? 0 : 1, to)
        }
      }
      if splits > 1 { return }
      for (index, plane) in range.enumerated() {
        for (block, vector) in some.enumerated() {
          separate(memory.scratch + (block * range.count + index) * planeCount, plane..<plane + 1, vector: vector, memory)
        }
      }
    }
    var passes = [copying, products]
    if splits > 1 {
      passes.append(
        Kernel.Pass(units: vectors) { vector, memory in
          separate(memory.shared + partialsStart + vector * planes * planeCount, 0..<planes, vector: vector, memory)
        })
    }
    return Kernel(
      family: "convolution.outer", passes: passes, sharedCount: partialsStart + (splits > 1 ? splits * partialCount : 0),
      scratchCount: splits == 1 ? ceilDivide(vectors, vectorGroups) * ceilDivide(planes, groups) * planeCount : 0,
      flops: shape.flops)
  }
}
