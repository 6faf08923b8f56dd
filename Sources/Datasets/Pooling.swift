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
    self.from = from
    self.to = to
    scale = (range.upperBound - range.lowerBound) / Float(255 * box * box)
    offset = range.lowerBound
  }

  /// Up to this side the sum of a box is an integer below 2^24, so a Float holds it exactly.
  private static let largestBox = 256

  /// Bytes of one sum of a box: 255 in each pixel of a box of 16 just fits into two.
  package var sumBytes: Int { from / to <= 16 ? 2 : 4 }

  /// Writes `source`, `[3, from, from]`, to `target`, `[3, to, to]`. Sums are integers and are scaled once, so the
  /// result does not depend on the order of additions.
  package func run(_ source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<Float>) {
    if from == to {
      for i in 0..<3 * to * to { target[i] = Float(source[i]) * scale + offset }
      return
    }
    sum(source) { target[$0] = Float($1) * scale + offset }
  }

  /// Writes the sums of the boxes of `source`, `[3, from, from]`, to `target`, `[3, to, to]` of ``sumBytes`` bytes each:
  /// what ``run(sums:into:)`` makes the same numbers of as ``run(_:into:)`` of the image.
  package func sum(_ source: UnsafePointer<UInt8>, into target: UnsafeMutableRawPointer) {
    if sumBytes == 2 {
      let target = target.assumingMemoryBound(to: UInt16.self)
      sum(source) { target[$0] = UInt16(truncatingIfNeeded: $1) }
    } else {
      let target = target.assumingMemoryBound(to: Int32.self)
      sum(source) { target[$0] = $1 }
    }
  }

  /// Writes the image of the sums that ``sum(_:into:)`` found to `target`, `[3, to, to]`.
  package func run(sums: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>) {
    if sumBytes == 2 {
      let sums = sums.assumingMemoryBound(to: UInt16.self)
      for i in 0..<3 * to * to { target[i] = Float(sums[i]) * scale + offset }
    } else {
      let sums = sums.assumingMemoryBound(to: Int32.self)
      for i in 0..<3 * to * to { target[i] = Float(sums[i]) * scale + offset }
    }
  }

  /// Calls `store` with the place and the sum of each box.
  @inline(__always)
  private func sum(_ source: UnsafePointer<UInt8>, store: (_ index: Int, _ sum: Int32) -> Void) {
    let box = from / to
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: from) { columns in
      for row in 0..<3 * to {
        let top = source + row * box * from
        for x in 0..<from { columns[x] = Int32(top[x]) }
        for y in 1..<max(box, 1) {
          let line = top + y * from
          for x in 0..<from { columns[x] &+= Int32(line[x]) }
        }
        for x in 0..<to {
          var sum: Int32 = 0
          for i in 0..<box { sum &+= columns[x * box + i] }
          store(row * to + x, sum)
        }
      }
    }
  }
}
