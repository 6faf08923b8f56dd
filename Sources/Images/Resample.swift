/// Resizing with a triangle filter that widens with the reduction, so that every input pixel counts: the antialiased bilinear
/// filter of common image libraries.
///
/// Separable, rows first; each of the two passes rounds to 8 bits. Weights are integers (22 bits after the point), so
/// the result is the same on every machine.
package enum Resample {
  /// `image` with `width` columns and `height` rows. A direction that keeps its size is left untouched.
  package static func resize(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    var (pixels, rows) = (image.pixels, image.height)
    if width != image.width {
      pixels = pass(pixels, lines: rows, lineStride: image.width * 3, step: 3, Filter(from: image.width, to: width), group: 3)
    }
    if height != rows {
      // One line for the whole image: each output row is a weighted sum of input rows.
      pixels = pass(pixels, lines: 1, lineStride: 0, step: width * 3, Filter(from: rows, to: height), group: width * 3)
      rows = height
    }
    return RGBImage(width: width, height: rows, pixels: pixels)
  }

  /// Filters `lines` lines of groups of `group` samples; neighbors in a line are `step` samples apart.
  private static func pass(_ source: [UInt8], lines: Int, lineStride: Int, step: Int, _ filter: Filter, group: Int) -> [UInt8] {
    let outCount = filter.starts.count
    return [UInt8](unsafeUninitializedCapacity: lines * outCount * group) { target, count in
      source.withUnsafeBufferPointer { source in
        filter.weights.withUnsafeBufferPointer { weights in
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: group) { sums in
            for line in 0..<lines {
              for out in 0..<outCount {
                sums.update(repeating: 1 << (Filter.bits - 1))
                for tap in 0..<filter.counts[out] {
                  let weight = weights[out * filter.taps + tap]
                  let from = source.baseAddress! + line * lineStride + (filter.starts[out] + tap) * step
                  for i in 0..<group { sums[i] &+= weight &* Int32(from[i]) }
                }
                let to = target.baseAddress! + (line * outCount + out) * group
                for i in 0..<group { to[i] = UInt8(truncatingIfNeeded: max(0, min(255, sums[i] >> Int32(Filter.bits)))) }
              }
            }
          }
        }
      }
      count = lines * outCount * group
    }
  }

  /// The weights of one direction.
  private struct Filter {
    /// Binary digits after the point: a sum of weights times 255 stays below 2^31.
    static let bits = 22

    /// For each output sample the first input sample that counts, and how many do.
    private(set) var starts: [Int] = []
    private(set) var counts: [Int] = []
    /// `[output samples, taps]`.
    private(set) var weights: [Int32] = []
    let taps: Int

    init(from count: Int, to size: Int) {
      let scale = Double(count) / Double(size)
      let reach = max(scale, 1)  // half the triangle's base, in input samples
      taps = Int(reach.rounded(.up)) * 2 + 1
      weights.reserveCapacity(size * taps)
      for out in 0..<size {
        let center = (Double(out) + 0.5) * scale
        let first = max(0, Int(center - reach + 0.5))
        let end = min(count, Int(center + reach + 0.5))
        let triangle = (first..<end).map { max(0, 1 - abs((Double($0) + 0.5 - center) / reach)) }
        let sum = triangle.reduce(0, +)
        starts.append(first)
        counts.append(end - first)
        weights += triangle.map { Int32(($0 / sum * Double(1 << Self.bits)).rounded()) }
        weights += repeatElement(0, count: taps - triangle.count)
      }
    }
  }
}
