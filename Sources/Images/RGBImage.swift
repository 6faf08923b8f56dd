/// An image with 8 bits for each of red, green and blue.
package struct RGBImage: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// `[height, width, 3]`: rows from the top, red, green and blue side by side.
  package var pixels: [UInt8]

  /// The image with these `width * height * 3` samples.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3, "\(pixels.count) samples are not \(width) x \(height) x 3")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// An image of one gray level; 255 is white.
  package init(width: Int, height: Int, gray: UInt8) {
    self.init(width: width, height: height, pixels: Array(repeating: gray, count: width * height * 3))
  }

  /// The part `width` x `height` whose upper left corner is at column `x` and row `y`. It must lie inside the image.
  package func cropped(x: Int, y: Int, width: Int, height: Int) -> RGBImage {
    precondition(x >= 0 && y >= 0 && x + width <= self.width && y + height <= self.height, "the part leaves the image")
    var part: [UInt8] = []
    part.reserveCapacity(width * height * 3)
    for row in y..<y + height {
      let start = (row * self.width + x) * 3
      part += pixels[start..<start + width * 3]
    }
    return RGBImage(width: width, height: height, pixels: part)
  }

  /// Copies `image` into this one, its upper left corner at column `x` and row `y`, each pixel as a square of side
  /// `scale`. It must fit.
  package mutating func draw(_ image: RGBImage, x: Int, y: Int, scale: Int = 1) {
    precondition(
      scale > 0 && x >= 0 && y >= 0 && x + image.width * scale <= width && y + image.height * scale <= height,
      "the drawn image does not fit")
    let (stride, count) = (width * 3, image.width * scale * 3)
    pixels.withUnsafeMutableBufferPointer { target in
      image.pixels.withUnsafeBufferPointer { source in
        for row in 0..<image.height {
          let first = target.baseAddress! + (y + row * scale) * stride + x * 3
          var (from, to) = (source.baseAddress! + row * image.width * 3, first)
          for _ in 0..<image.width {
            for _ in 0..<scale {
              (to[0], to[1], to[2]) = (from[0], from[1], from[2])
              to += 3
            }
            from += 3
          }
          for copy in 1..<scale { (first + copy * stride).update(from: first, count: count) }
        }
      }
    }
  }
}
