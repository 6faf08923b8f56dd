import CKernels

/// 1x1 filters: every plane is read where it is.
struct PointwiseProduct: ConvolutionAlgorithm {
  static let family = "convolution.pointwise"
  static let slots = ConvolutionSlot.allCases
  static let when =
    "The filter is 1x1, without padding or upsampling, an image is a multiple of 16 pixels, and neither side has more than \(channels) "
    + "channels, or there are groups, whose filter's gradient has at most \(channels * channels) numbers: every plane is read where it is, "
    + "nothing is gathered."

  /// Channels up to which a piece of all of them stays in the caches.
  private static let channels = 256
  /// Pixels of such a piece.
  private static let pixels = 1024

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    guard problem.taps == 1, shape.padding == 0, shape.upsampling == 1, shape.height * shape.width % 16 == 0 else { return false }
    if problem.groups > 1 { return problem.slot != .filter || shape.filterCount <= channels * channels }
    return max(shape.inputs, shape.outputs) <= channels
  }

  func kernel() -> Kernel { problem.slot == .filter ? filter() : planes() }

  private var area: Int { shape.height * shape.width }
  private var pieces: Int { ceilDivide(area, Self.pixels) }

  private func planes() -> Kernel {
    let problem = problem, area = area, pieces = pieces, blocks = problem.blocks
    let total = shape.batch * pieces, units = min(total, 2 * Kernel.someUnits)
    let most = ceilDivide(min(area, Self.pixels) / 16, blocks) * blocks
    // The last panel of a piece may have fewer vectors, whose places then are never used.
    let offsets = ConvolutionOffsets(reads: (0..<most).map { 16 * $0 }, writes: (0..<most).map { 16 * $0 })
    let all = Kernel.Pass(units: units) { unit, memory in
      for index in part(unit, of: units, total) {
        let image = index / pieces, first = index % pieces * Self.pixels, place = image * problem.planes * area + first
        var from = fk_planes(
          at: memory.inputs[problem.source] + image * problem.channels * area + first, plane: area, count: problem.channels)
        var table = offsets.table(vectors: min(Self.pixels, area - first) / 16, blocks: blocks)
        var filter = problem.filters(memory, of: 0..<problem.planes)
        var writes = fk_writes(
          to: memory.outputs[0] + place, add: addend(memory, at: place), places: offsets.writes, plane: area)
        functions.pointee.multiply(&from, &table, &filter, &writes, nil)
      }
    }
    return Kernel(family: Self.family, passes: [all], flops: shape.flops)
  }

  private func filter() -> Kernel {
    let area = area, pieces = pieces, filterCount = shape.filterCount
    let total = shape.batch * pieces, units = min(total, Kernel.someUnits), zero = ConvolutionOffsets(reads: [0])
    let partials = Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / pieces, first = index % pieces * Self.pixels
        var plain = fk_planes(at: memory.inputs[1] + image * shape.outputs * area + first, plane: area, count: shape.outputs)
        var from = fk_planes(at: memory.inputs[0] + image * shape.inputs * area + first, plane: area, count: shape.inputs)
        var reads = fk_row_reads(at: zero.reads, taps: 1, stride: 1)
        functions.pointee.dot_rows(
          &plain, &from, &reads, fk_extent(height: 1, width: min(Self.pixels, area - first)), index > range.lowerBound,
          memory.scratch)
      }
      functions.pointee.total(memory.scratch, filterCount, memory.shared + unit * filterCount)
    }
    return Kernel(
      family: Self.family, passes: [partials, combination(of: units)], sharedCount: units * filterCount,
      scratchCount: filterCount * 16, flops: shape.flops)
  }
}
