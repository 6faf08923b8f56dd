/// 8-bit images as network input: averages of square boxes, in the range that the generator has.
package struct Pooling: Sendable {
  /// Side of the images that come in.
  package let from: Int
  /// Side of the images that go out; divides ``from``.
  package let to: Int
  private let scale: Float
  private let offset: Float

  /// Pools images of side `from` to side `to`, 0...255 becoming `range`.
  package init(from: Int, to: Int, range: ClosedRange<Float>) {
    precondition(to > 0 && from % to == 0, "images of side \(from) do not pool to side \(to)")
    let box = from / to
    precondition(box <= Self.largestBox, "boxes of \(box) pixels")
    (self.from, self.to) = (from, to)
    scale = (range.upperBound - range.lowerBound) / Float(255 * box * box)
    offset = range.lowerBound
  }

  /// Up to this side the sum of a box is an integer below 2^24, so a Float holds it exactly.
  private static let largestBox = 256

  /// Writes `source`, `[3, from, from]`, to `target`, `[3, to, to]`. Sums are integers and are scaled once, so the
  /// result does not depend on the order of additions.
  package func run(_ source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<Float>) {
    let box = from / to
    if box == 1 {
      for i in 0..<3 * to * to { target[i] = Float(source[i]) * scale + offset }
      return
    }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: from) { columns in
      for row in 0..<3 * to {
        let top = source + row * box * from
        for x in 0..<from { columns[x] = Int32(top[x]) }
        for y in 1..<box {
          let line = top + y * from
          for x in 0..<from { columns[x] &+= Int32(line[x]) }
        }
        let out = target + row * to
        for x in 0..<to {
          var sum: Int32 = 0
          for i in 0..<box { sum &+= columns[x * box + i] }
          out[x] = Float(sum) * scale + offset
        }
      }
    }
  }
}
