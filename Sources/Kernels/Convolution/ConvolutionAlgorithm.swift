import CKernels

extension Kernel {
  /// The kernel that computes one slot of a convolution from the other two, in the order image, filter, output.
  ///
  /// Layouts: image `[N, C, H, W]`, filter `[K, C, R, S]`, output `[N, K, P, Q]`. With `accumulating` a third input is
  /// added to the result; it may be the same memory as the result.
  package static func convolution(_ shape: ConvolutionShape, _ slot: ConvolutionSlot, accumulating: Bool = false) -> Kernel {
    convolution(shape, slot, accumulating: accumulating, level: Int(fk_cpu_level()))
  }

  /// The same for a given processor level, which must not exceed `fk_cpu_level()`.
  static func convolution(_ shape: ConvolutionShape, _ slot: ConvolutionSlot, accumulating: Bool, level: Int) -> Kernel {
    precondition(shape.outputHeight > 0 && shape.outputWidth > 0, "the filter is larger than the padded image: \(shape)")
    precondition(shape.upsampling == 1 || shape.upsampling == 2, "upsampling by \(shape.upsampling)")
    precondition(
      shape.border == .zeros || shape.padding < min(shape.height, shape.width) * shape.upsampling,
      "a border of \(shape.padding) cannot mirror \(shape.height) x \(shape.width)")
    let plan = ConvolutionPlan(shape: shape, accumulating: accumulating, level: level)
    if plan.isDense { return plan.dense(slot) }
    if plan.isPointwise { return plan.pointwise(slot) }
    switch slot {
    case .output where plan.hasPhases: return plan.phases()
    case .output where plan.hasWinogradRows && min(shape.inputs, shape.outputs) >= ConvolutionPlan.winogradOutputChannels:
      return plan.winogradRows(.image(shape), isGradient: false, weights: plan.outputWeights)
    case .image where plan.hasWinogradRows: return plan.winogradRows(.output(shape), isGradient: true, weights: plan.imageWeights)
    case .output where plan.hasWinogradColumns:
      return plan.winogradColumns(.image(shape), isGradient: false, weights: plan.outputWeights)
    case .image where plan.hasWinogradColumns:
      return plan.winogradColumns(.output(shape), isGradient: true, weights: plan.imageWeights)
    case .output: return plan.product(.image(shape), plane: 0, filter: 1, planes: shape.outputs, weights: plan.outputWeights)
    case .image: return plan.product(.output(shape), plane: 1, filter: 0, planes: shape.inputs, weights: plan.imageWeights)
    case .filter where plan.hasPhases && shape.inputs >= ConvolutionPlan.outerChannels: return plan.phaseOuterProducts()
    case .filter where plan.hasPhases && shape.width >= 16: return plan.phaseRowProducts()
    case .filter where plan.hasRowProducts: return plan.rowProducts()
    case .filter where plan.hasWinogradOuterProducts: return plan.winogradOuterProducts()
    case .filter where plan.hasOuterProducts: return plan.outerProducts()
    case .filter: return plan.filterGradient()
    }
  }
}

/// What the kernels of a convolution have in common.
struct ConvolutionPlan: Sendable {
  let shape: ConvolutionShape
  let accumulating: Bool
  let level: Int

  /// How a pass reads the filter: the distance between the planes it makes, and between the channels it adds up.
  struct Weights {
    let plane: Int
    let channel: Int
  }

  /// Pixels in a panel.
  var panel: Int { 16 * Int(functions.blocks) }
  var functions: fk_convolution_functions { fk_convolution(Int32(level)).pointee }
  var taps: Int { shape.filterHeight * shape.filterWidth }
  var outputWeights: Weights { Weights(plane: shape.inputs * taps, channel: taps) }
  var imageWeights: Weights { Weights(plane: taps, channel: shape.inputs * taps) }

  /// What is added to the result, if anything.
  func addend(_ memory: KernelMemory) -> UnsafePointer<Float>? { accumulating ? UnsafePointer(memory.inputs[2]) : nil }
}
