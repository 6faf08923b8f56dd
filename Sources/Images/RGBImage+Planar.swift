extension RGBImage {
  /// One square image of a network, `planar` being `[3, side, side]`. `range` goes to 0...255, rounded to nearest (ties
  /// to even) and saturated; a number that is not one becomes 0.
  package init(planar: UnsafeBufferPointer<Float>, side: Int, range: ClosedRange<Float>) {
    precondition(planar.count == 3 * side * side, "\(planar.count) values are not 3 x \(side) x \(side)")
    precondition(range.upperBound > range.lowerBound, "an empty range of values")
    let scale = 255 / (range.upperBound - range.lowerBound)
    let offset = -range.lowerBound * scale
    let plane = side * side
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * plane) { buffer, count in
      for channel in 0..<3 {
        for i in 0..<plane {
          let value = (planar[channel * plane + i] * scale + offset).rounded(.toNearestOrEven)
          buffer[3 * i + channel] = value > 0 ? UInt8(min(value, 255)) : 0
        }
      }
      count = 3 * plane
    }
    self.init(width: side, height: side, pixels: pixels)
  }
  /// Writes the image as `[3, height, width]` to `target`.
  package func writePlanes(to target: UnsafeMutablePointer<UInt8>) {
    let plane = width * height
    pixels.withUnsafeBufferPointer { source in
      for i in 0..<plane {
        for channel in 0..<3 { target[channel * plane + i] = source[3 * i + channel] }
      }
    }
  }
}
