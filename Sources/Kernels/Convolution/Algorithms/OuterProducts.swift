import CKernels

/// At each pixel, values of one side times 16 channels of the other.
///
/// The side with more channels is stored with the channel last. If that is the image, its padded pixels are read around
/// each output pixel; if it is the output, the zeros around it are read around each padded image pixel.
struct OuterProducts: ConvolutionAlgorithm {
  static let family = "convolution.outer"
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "Nothing is upsampled, and one side has at least \(channels) channels: at each pixel, outer products with vectors of 16 of them."

  /// Channels from which the vectors over channels are full enough.
  static let channels = 14

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    problem.shape.upsampling == 1 && max(problem.shape.inputs, problem.shape.outputs) >= channels
  }

  func kernel() -> Kernel {
    let taps = problem.taps, imageLast = shape.inputs >= Self.channels
    let (planes, channels) = imageLast ? (shape.outputs, shape.inputs) : (shape.inputs, shape.outputs)
    let vectors = ceilDivide(channels, 16), padding = shape.padding
    let image = fk_extent(height: shape.height, width: shape.width)
    let output = fk_extent(height: shape.outputHeight, width: shape.outputWidth)
    let border = fk_border(y: padding, x: padding, kind: shape.border == .reflect ? 1 : 0)
    // The pixels of the products, and those of the side with the channel last.
    let height = imageLast ? output.height : image.height + 2 * padding
    let width = imageLast ? output.width : image.width + 2 * padding
    let lastRow = (width + shape.filterWidth - 1) * 16, lastPlane = (height + shape.filterHeight - 1) * lastRow
    let lastCount = shape.batch * vectors * lastPlane
    let copying = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let n = unit / vectors, first = unit % vectors * 16
      let from = imageLast ? image : output, area = from.height * from.width
      var side = fk_planes(
        at: memory.inputs[imageLast ? 0 : 1] + (n * channels + first) * area, plane: area, count: min(16, channels - first))
      var (border, zeros) = (border, fk_border(y: shape.filterHeight - 1, x: shape.filterWidth - 1, kind: 0))
      if imageLast {
        functions.pointee.interleave(&side, from, &border, memory.shared + unit * lastPlane)
        return
      }
      functions.pointee.interleave(&side, from, &zeros, memory.shared + unit * lastPlane)
      let range = part(unit % vectors, of: vectors, planes)
      functions.pointee.pad(
        memory.inputs[0] + (n * planes + range.lowerBound) * image.height * image.width, range.count, image, &border,
        memory.shared + lastCount + (n * planes + range.lowerBound) * height * width)
    }
    let partials = FilterPartials(
      planes: planes, channels: channels, taps: (shape.filterHeight, shape.filterWidth), batch: shape.batch, height: height,
      width: width, start: lastCount + (imageLast ? 0 : shape.batch * planes * height * width))
    let toPlane = imageLast ? channels * taps : taps, toLane = imageLast ? taps : planes * taps
    let passes = partials.passes(functions) { vector, _, range, memory in
      let plain = imageLast ? UnsafePointer(memory.inputs[1]) : UnsafePointer(memory.shared + lastCount)
      return (
        fk_images(
          at: plain + range.lowerBound * height * width, image: planes * height * width, plane: height * width, row: width,
          count: range.count),
        fk_images(at: memory.shared + vector * lastPlane, image: vectors * lastPlane, plane: 0, row: lastRow, count: 1)
      )
    } _: { from, _, vector, range, _, memory in
      let start = range.lowerBound * toPlane + vector * 16 * toLane
      var from = from
      var gradient = fk_gradient(to: memory.outputs[0] + start, add: addend(memory, at: start), plane: toPlane, channel: toLane)
      functions.pointee.separate(&from, range.count, taps, !imageLast, min(16, channels - vector * 16), &gradient)
    }
    return Kernel(
      family: Self.family, passes: [copying] + passes, sharedCount: partials.sharedCount, scratchCount: partials.scratchCount(),
      flops: shape.flops)
  }
}
