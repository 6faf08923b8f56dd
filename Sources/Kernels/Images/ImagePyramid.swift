import CKernels

/// Gaussian and Laplacian pyramids (Burt & Adelson 1983) with the kernel outer([1, 4, 6, 4, 1]) / 256; borders mirror without being
/// repeated.
package enum ImagePyramid {
  /// Floats of scratch for planes of this side.
  package static func scratchCount(side: Int) -> Int { side + 4 }

  /// Writes every second pixel of the blurred `image`, `[planes, side, side]`, to `half`, `[planes, (side + 1) / 2, (side + 1) / 2]`.
  package static func halve(
    _ image: UnsafePointer<Float>, planes: Int, side: Int, into half: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    precondition(planes > 0 && side > 0, "\(planes) planes of side \(side)")
    fk_pyramid_down(image, planes, side, half, scratch)
  }

  /// Takes from `image`, `[planes, 2 * side, 2 * side]`, what `half`, `[planes, side, side]`, is enlarged to: zeros between its
  /// pixels, blurred by four times the kernel.
  package static func subtract(
    _ half: UnsafePointer<Float>, planes: Int, side: Int, from image: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    precondition(planes > 0 && side > 0, "\(planes) planes of side \(side)")
    fk_pyramid_subtract(image, half, planes, side, scratch)
  }

  /// Writes the means of each 2 x 2 pixels of `image`, `[planes, side, side]` of an even side, to `half`.
  package static func average(
    _ image: UnsafePointer<Float>, planes: Int, side: Int, into half: UnsafeMutablePointer<Float>
  ) {
    precondition(planes > 0 && side % 2 == 0, "\(planes) planes of side \(side)")
    fk_halve(image, planes, side, half)
  }
}
