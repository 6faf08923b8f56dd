/// An image as a matrix (im2col): a row for each channel and tap, a column for each output pixel.
struct BlasColumns: Sendable {
  let shape: ConvolutionShape
  /// The image's row and column behind each of the padded, upsampled image; -1 where that is a zero.
  private let rows: [Int]
  private let columns: [Int]

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    func sources(_ axis: ConvolutionTaps.Axis) -> [Int] { (0..<axis.padded).map { axis.source($0) ?? -1 } }
    rows = sources(ConvolutionTaps.Axis(shape, along: \.height))
    columns = sources(ConvolutionTaps.Axis(shape, along: \.width))
  }

  var taps: Int { shape.filterHeight * shape.filterWidth }
  /// Rows of the matrix.
  var depth: Int { shape.inputs * taps }
  /// Whether the image itself is the matrix.
  var isImage: Bool { taps == 1 && shape.padding == 0 && shape.upsampling == 1 }

  /// Floats of scratch for `count` output rows of one channel.
  func scratchCount(rows count: Int) -> Int { (count + shape.filterHeight - 1) * columns.count }

  /// Writes the rows of one channel for a band of output rows, `stride` floats apart.
  func gather(
    _ plane: UnsafePointer<Float>, band: Range<Int>, to matrix: UnsafeMutablePointer<Float>, stride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let (width, length) = (columns.count, shape.outputWidth)
    columns.withUnsafeBufferPointer { columns in
      for y in band.lowerBound..<band.upperBound + shape.filterHeight - 1 {
        let wide = scratch + (y - band.lowerBound) * width
        if rows[y] < 0 {
          wide.update(repeating: 0, count: width)
        } else {
          let row = plane + rows[y] * shape.width
          for x in 0..<width { wide[x] = columns[x] < 0 ? 0 : row[columns[x]] }
        }
      }
    }
    forEachRow(band, matrix, stride, scratch) { part, wide in part.update(from: wide, count: length) }
  }

  /// Adds the rows of one channel for a band of output rows to the pixels that they were gathered from: the transpose.
  func scatter(
    _ matrix: UnsafeMutablePointer<Float>, band: Range<Int>, stride: Int, to plane: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let (width, length) = (columns.count, shape.outputWidth)
    scratch.update(repeating: 0, count: scratchCount(rows: band.count))
    forEachRow(band, matrix, stride, scratch) { part, wide in
      for q in 0..<length { wide[q] += part[q] }
    }
    columns.withUnsafeBufferPointer { columns in
      for y in band.lowerBound..<band.upperBound + shape.filterHeight - 1 where rows[y] >= 0 {
        let wide = scratch + (y - band.lowerBound) * width
        let row = plane + rows[y] * shape.width
        for x in 0..<width where columns[x] >= 0 { row[columns[x]] += wide[x] }
      }
    }
  }

  /// Calls `body` with each row of pixels in the matrix and its place in the padded image.
  @inline(__always)
  private func forEachRow(
    _ band: Range<Int>, _ matrix: UnsafeMutablePointer<Float>, _ stride: Int, _ padded: UnsafeMutablePointer<Float>,
    _ body: (_ part: UnsafeMutablePointer<Float>, _ wide: UnsafeMutablePointer<Float>) -> Void
  ) {
    for r in 0..<shape.filterHeight {
      for s in 0..<shape.filterWidth {
        let row = matrix + (r * shape.filterWidth + s) * stride
        for p in 0..<band.count { body(row + p * shape.outputWidth, padded + (p + r) * columns.count + s) }
      }
    }
  }
}
