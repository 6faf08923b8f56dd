import Kernels

/// One level of the Laplacian pyramid of images: what the Gaussian level of a side has and the next lower one, enlarged, has not; the
/// lowest level is the Gaussian one itself.
package struct LaplacianLevel: Sendable {
  /// Side of the level in pixels.
  package let side: Int
  /// Side of the images.
  package let imageSide: Int

  /// Side of the lowest level.
  package static let lowest = 16

  /// The sides of all levels of images, highest first; none where images are too small.
  package static func sides(of imageSide: Int) -> [Int] {
    var sides: [Int] = []
    var side = imageSide
    while side >= lowest {
      sides.append(side)
      side /= 2
    }
    return sides
  }

  /// The level of `side` of images of `imageSide`, which is `side` times a power of two.
  package init(_ side: Int, of imageSide: Int) {
    precondition(Self.sides(of: imageSide).contains(side), "images of side \(imageSide) have no level of side \(side)")
    self.side = side
    self.imageSide = imageSide
  }

  private var imageCount: Int { 3 * imageSide * imageSide }

  /// Floats of scratch: two places for Gaussian levels, and the pyramid's own.
  package var scratchCount: Int { 2 * imageCount + ImagePyramid.scratchCount(side: imageSide) }

  /// Computes the level of `image`, `[3, imageSide, imageSide]`. The result is `[3, side, side]` somewhere in `scratch`.
  package func compute(_ image: UnsafeBufferPointer<UInt8>, scratch: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    precondition(image.count == imageCount, "\(image.count) samples at side \(imageSide)")
    var (level, next) = (scratch, scratch + imageCount)
    let rest = scratch + 2 * imageCount
    ImageBytes.decode(image, into: level)
    var reached = imageSide
    while reached > side {
      ImagePyramid.halve(level, planes: 3, side: reached, into: next, scratch: rest)
      (level, next) = (next, level)
      reached /= 2
    }
    guard side > Self.lowest else { return level }
    ImagePyramid.halve(level, planes: 3, side: side, into: next, scratch: rest)
    ImagePyramid.subtract(next, planes: 3, side: side / 2, from: level, scratch: rest)
    return level
  }
}
