import CKernels

/// What a convolution kernel is asked for: one slot of a shape, on a level of the processor.
struct ConvolutionProblem: Sendable {
  /// Of one group.
  let shape: ConvolutionShape
  /// Groups that are computed alike.
  let groups: Int
  let slot: ConvolutionSlot
  /// Whether a third operand is added to the result.
  let accumulating: Bool
  /// The C functions of the level, read where they are.
  nonisolated(unsafe) let functions: UnsafePointer<fk_convolution_functions>

  /// - Parameter level: not above `fk_cpu_level()` if the kernel is to run.
  init(_ shape: ConvolutionShape, _ slot: ConvolutionSlot, accumulating: Bool = false, level: Int = fk_cpu_level()) {
    precondition(shape.outputHeight > 0 && shape.outputWidth > 0, "the filter is larger than the padded image: \(shape)")
    precondition(shape.upsampling == 1 || shape.upsampling == 2, "upsampling by \(shape.upsampling)")
    precondition(
      shape.border == .zeros || shape.padding < min(shape.height, shape.width) * shape.upsampling,
      "a border of \(shape.padding) cannot mirror \(shape.height) x \(shape.width)")
    precondition(shape.groups >= 1, "\(shape.groups) groups")
    self.shape = shape.oneGroup
    groups = shape.groups
    self.slot = slot
    self.accumulating = accumulating
    functions = fk_convolution(level)
  }

  /// Vectors of 16 pixels in the largest panel of any level. Whatever decides in which order numbers are added up, the choice of the
  /// algorithm included, follows it at every level, so that all give the same bits.
  static let mostBlocks = 4
  /// The pixels of such a panel, a multiple of ``panel``.
  static let mostPixels = 16 * mostBlocks

  /// Vectors of 16 pixels in a panel of this level, and its pixels.
  var blocks: Int { functions.pointee.blocks }
  var panel: Int { 16 * blocks }
  var taps: Int { shape.filterHeight * shape.filterWidth }
}

/// The output and image slots: `planes` planes of a target from `channels` channels of a source.
extension ConvolutionProblem {
  var isGradient: Bool { slot == .image }
  /// Which operand the source is.
  var source: Int { isGradient ? 1 : 0 }
  var planes: Int { isGradient ? shape.inputs : shape.outputs }
  var channels: Int { isGradient ? shape.outputs : shape.inputs }
  var targetWidth: Int { isGradient ? shape.width : shape.outputWidth }
  var reads: ConvolutionTaps { isGradient ? .output(shape) : .image(shape) }

  /// The filters of some planes, from a channel and a tap on.
  func filters(_ memory: KernelMemory, of planes: Range<Int>, channel: Int = 0, tap: Int = 0) -> fk_filter {
    let inputs = shape.inputs * taps, (out, `in`) = isGradient ? (taps, inputs) : (inputs, taps)
    return fk_filter(
      at: memory.inputs[1 - source] + planes.lowerBound * out + channel * `in` + tap, out: out, in: `in`, outs: planes.count)
  }
}
