import CKernels

/// The target of a convolution in bands of rows: each image the same, from top to bottom.
struct ConvolutionBands: Sendable {
  /// Floats of prepared rows that stay in the second-level cache.
  static let floats = 1 << 15

  let reads: ConvolutionTaps
  let expansions: [ConvolutionExpansion]
  let batch: Int

  /// Floats of the largest prepared plane.
  var planeCount: Int { expansions.map(\.planeCount).max()! }
  /// Bands of all images.
  var total: Int { batch * expansions.count }

  /// The pixels that each band finishes, `width` for each of its rows.
  func extents(width: Int) -> [(image: Int, pixels: Range<Int>)] {
    (0..<batch).flatMap { image in
      expansions.map { (image, $0.targetRows.lowerBound * width..<$0.targetRows.upperBound * width) }
    }
  }

  /// What the band after `index` will read, if it is as many pixels as the panels at hand; nothing if `isLast`.
  func soon(after index: Int, _ isLast: Bool, _ source: UnsafePointer<Float>) -> fk_planes {
    if isLast || reads.lists.step != 1 { return fk_planes() }
    let (height, width) = reads.lists.source, next = index + 1
    let first = min(expansions[next % expansions.count].targetRows.lowerBound, height - 1)
    return fk_planes(
      at: source + (next / expansions.count * reads.channels * height + first) * width, plane: height * width, count: reads.channels
    )
  }
}

/// Rows of a target of at least 16 pixels' width that are prepared together, and where each set of taps finds its vectors.
struct ConvolutionBand: Sendable {
  let expansion: ConvolutionExpansion
  let offsets: ConvolutionOffsets

  /// The bands of `problem` by `reads`.
  static func bands(_ problem: ConvolutionProblem, _ reads: ConvolutionTaps, tapSets: [[Int]]) -> [ConvolutionBand] {
    let (height, width) = reads.lists.target
    let starts = ConvolutionExpansion.pieces(width: width, piece: 16)
    // Whole panels where possible.
    let most = ConvolutionProblem.mostBlocks
    let whole = (1...most).first { $0 * starts.count % most == 0 }!
    // Pairs of rows, so that pooling can follow.
    let unit = whole % 2 == 0 ? whole : 2 * whole
    let rowCount = reads.channels * (reads.lists.source.width + 2)
    let wanted = min(
      ceilDivide(height * problem.shape.batch, Kernel.someUnits), max(1, ConvolutionBands.floats / rowCount - 2))
    return stride(from: 0, to: height, by: ceilDivide(wanted, unit) * unit).map { first in
      let range = first..<min(first + ceilDivide(wanted, unit) * unit, height)
      let expansion = ConvolutionExpansion(reads, rows: range, piece: 16)
      let offsets = ConvolutionOffsets(
        range.flatMap { y in starts.map { (y: y, x: $0) } }, blocks: problem.blocks, taps: tapSets[0].count, sets: tapSets.count,
        read: { expansion.place(tap: tapSets[$0][$1], y: $2.y, x: $2.x) }, write: { $0.y * width + $0.x })
      return ConvolutionBand(expansion: expansion, offsets: offsets)
    }
  }
}
