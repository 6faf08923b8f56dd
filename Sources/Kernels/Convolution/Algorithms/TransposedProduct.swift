import CKernels

/// 1x1 filters of groups: a product of the output's gradient and the transposed image.
struct TransposedProduct: ConvolutionAlgorithm {
  static let family = "convolution.pointwise"
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "Groups of 1x1 filters without padding or upsampling, a multiple of 16 channels of a single image, at most \(ratio) for each plane of "
    + "the output: the image is transposed, then a matrix product."

  /// Channels for each plane of the output up to which transposing them costs less than it saves.
  private static let ratio = 16
  /// Pixels that are added up at a time, so that their rows stay in the first-level cache.
  private static let pixels = 64
  /// Channels of a unit.
  private static let channels = 256

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    return problem.groups > 1 && problem.taps == 1 && shape.padding == 0 && shape.upsampling == 1 && shape.batch == 1
      && shape.inputs % 16 == 0 && shape.inputs <= ratio * shape.outputs
  }

  func kernel() -> Kernel {
    let (shape, area, inputs, outputs) = (shape, shape.height * shape.width, shape.inputs, shape.outputs)
    let blocks = problem.blocks, pieces = ceilDivide(inputs, Self.channels)
    let most = ceilDivide(min(inputs, Self.channels) / 16, blocks) * blocks
    // The last panel of a piece may have fewer vectors, whose places then are never used.
    let places = (0..<most).map { 16 * $0 }, offsets = ConvolutionOffsets(reads: places, writes: places)
    let units = min(pieces, Kernel.someUnits)
    let transposing = Kernel.transposition(rows: inputs, columns: area)
    let multiplying = Kernel.Pass(units: units) { unit, memory in
      for piece in part(unit, of: units, pieces) {
        let channel = piece * Self.channels, to = memory.outputs[0] + channel
        var table = offsets.table(vectors: min(Self.channels, inputs - channel) / 16, blocks: blocks)
        for pixel in stride(from: 0, to: area, by: Self.pixels) {
          var from = fk_planes(
            at: memory.shared + pixel * inputs + channel, plane: inputs, count: min(Self.pixels, area - pixel))
          var filter = fk_filter(at: memory.inputs[1] + pixel, out: area, in: 1, outs: outputs)
          var writes = fk_writes(
            to: to, add: pixel > 0 ? UnsafePointer(to) : addend(memory, at: channel), places: offsets.writes, plane: inputs)
          functions.pointee.multiply(&from, &table, &filter, &writes, nil)
        }
      }
    }
    return Kernel(
      family: Self.family, passes: [transposing, multiplying], sharedCount: area * inputs, flops: shape.flops)
  }
}
