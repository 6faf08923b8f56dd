/// Square images with 8 bits a sample, all of one side.
package struct ImageSet: Sendable {
  /// Side in pixels.
  package let side: Int
  /// `[count, 3, side, side]`.
  package let pixels: [UInt8]

  /// The images in `pixels`, `[count, 3, side, side]`.
  package init(side: Int, pixels: [UInt8]) {
    precondition(side > 0 && pixels.count % (3 * side * side) == 0, "\(pixels.count) samples at side \(side)")
    (self.side, self.pixels) = (side, pixels)
  }

  /// Images.
  package var count: Int { pixels.count / imageCount }
  /// Samples of one image.
  package var imageCount: Int { 3 * side * side }

  /// Calls `body` with the samples of image `index`, `[3, side, side]`.
  package func withImage<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    return try pixels.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[index * imageCount..<(index + 1) * imageCount]))
    }
  }
}
