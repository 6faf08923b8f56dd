import CKernels

/// How the image, or the output's gradient, gets into the domain of F(4x4, 3x3): rows of tiles of one image, with vectors of 16 channels.
struct TileReads: Sendable {
  /// Of the output's gradient, whose tiles have no border.
  let isGradient: Bool
  let channels: Int
  private let shape: ConvolutionShape
  nonisolated(unsafe) private let functions: UnsafePointer<fk_convolution_functions>

  init(_ problem: ConvolutionProblem, isGradient: Bool) {
    self.isGradient = isGradient
    channels = isGradient ? problem.shape.outputs : problem.shape.inputs
    shape = problem.shape
    functions = problem.functions
  }

  var vectors: Int { ceilDivide(channels, 16) }
  /// Floats of a row of pixels with their border.
  private var row: Int { (shape.width + (isGradient ? 0 : 2)) * 16 }

  /// Floats of scratch for `rows` rows of tiles.
  func scratchCount(rows: Int) -> Int { (4 * rows + (isGradient ? 0 : 2)) * row }

  /// Writes `rows` rows of tiles of an image, from `first` on, for one vector of channels.
  func read(
    _ from: UnsafePointer<Float>, image: Int, vector: Int, first: Int, rows: Int, to: UnsafeMutablePointer<Float>, part: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let (height, width, border) = (shape.height, shape.width, isGradient ? 0 : 1)
    let wanted = 4 * first - border..<4 * (first + rows) + border, there = wanted.clamped(to: 0..<height)
    var planes = fk_planes(
      at: from + (image * channels + vector * 16) * height * width + there.lowerBound * width, plane: height * width,
      count: min(16, channels - vector * 16))
    var sides = fk_border(y: 0, x: border, kind: shape.border == .reflect ? 1 : 0)
    functions.pointee.interleave(
      &planes, fk_extent(height: there.count, width: width), &sides, scratch + (there.lowerBound - wanted.lowerBound) * row)
    func fill(_ y: Int, mirroring other: Int) {
      let at = scratch + (y - wanted.lowerBound) * row
      if shape.border == .reflect {
        at.update(from: scratch + (other - wanted.lowerBound) * row, count: row)
      } else {
        at.update(repeating: 0, count: row)
      }
    }
    if wanted.lowerBound < 0 { fill(-1, mirroring: 1) }
    if wanted.upperBound > height { fill(height, mirroring: height - 2) }
    functions.pointee.tiles_read(isGradient, scratch, fk_extent(height: rows, width: width), to, part)
  }
}

/// Where values of tiles lie, in floats: [36 parts][vectors][tiles][16], one vector more from part to part, for whose powers of two the
/// first-level cache has few places.
struct TileLayout: Sendable {
  let tiles: Int
  let vectors: Int
  var vector: Int { tiles * 16 }
  var part: Int { vectors * vector + 16 }
  var count: Int { 36 * part }

  func at(_ base: UnsafeMutablePointer<Float>) -> fk_tiles { fk_tiles(at: base, part: part, vector: vector) }
}
