import Basics
import Testing

@testable import Kernels

/// Kernels that move numbers and add few of them up.
@Suite struct MovingTests {
  @Test(arguments: [(1, 7, 0, 7), (5, 11, 3, 4), (3, 6, 5, 1), (2, 9, 0, 3), (131, 5, 2, 3), (9001, 19, 1, 17)])
  func `blocks are gathered from their places and embedded among zeros`(outer: Int, stride: Int, offset: Int, count: Int) {
    let block = StridedCopy(outer: outer, stride: stride, offset: offset, count: count)
    let (whole, part) = (FloatBuffer(randomFloats(outer * stride, seed: 3)), unwritten(outer * count))
    Kernel.copy(block, .gather).run(inputs: [whole], outputs: [part])
    #expect((0..<part.count).allSatisfy { part.base[$0] == whole.base[$0 / count * stride + offset + $0 % count] })
    let embedded = unwritten(outer * stride)
    Kernel.copy(block, .embed).run(inputs: [part], outputs: [embedded])
    let expected = (0..<outer * stride).map { (offset..<offset + count).contains($0 % stride) ? whole.base[$0] : 0 }
    #expect(embedded.values == expected)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `permuted axes are in their places, whatever their extents`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "permute")
    let most = seed % 3 == 0 ? 70 : 9, rank = 1 + stream.below(most > 9 ? 3 : 6)
    let from = (0..<rank).map { _ in stream.below(4) == 0 ? 2 : 1 + stream.below(most) }
    var axes = Array(0..<rank)
    for i in axes.indices.reversed() { axes.swapAt(i, stream.below(i + 1)) }
    checkPermutation(from, axes)
  }

  @Test(arguments: [
    ([2, 3, 33, 2, 40, 2], [0, 1, 3, 5, 2, 4]), ([2, 3, 2, 2, 5, 37], [0, 1, 4, 2, 5, 3]), ([2, 67, 131], [0, 2, 1]),
    ([3, 2, 9001], [1, 0, 2]), ([1025, 3], [1, 0]), ([3, 1025], [1, 0]), ([1, 1], [1, 0]), ([5, 1, 1, 7], [2, 0, 1, 3]),
  ])
  func `permuted axes are in their places, as moves between space and depth`(from: [Int], axes: [Int]) {
    checkPermutation(from, axes)
  }

  private func checkPermutation(_ from: [Int], _ axes: [Int]) {
    let count = from.reduce(1, *), operand = FloatBuffer((0..<count).map(Float.init)), result = unwritten(count)
    Kernel.permute(from: from, axes: axes).run(inputs: [operand], outputs: [result], lanes: 3)
    let strides = axes.map { axis in from[(axis + 1)...].reduce(1, *) }
    let isRight = (0..<count).allSatisfy { index in
      var (rest, place) = (index, 0)
      for (axis, stride) in zip(axes, strides).reversed() {
        place += rest % from[axis] * stride
        rest /= from[axis]
      }
      return result.base[index] == Float(place)
    }
    #expect(isRight, "\(from) by \(axes)")
  }

  @Test(arguments: [
    ([3, 5, 7], [3, 5, 1]), ([3, 5, 7], [3, 1, 7]), ([3, 5, 7], [1, 5, 7]), ([3, 5, 7], [1, 1, 1]), ([3, 5, 7], [1, 5, 1]),
    ([3, 5, 7], [3, 5, 7]), ([300, 67], [300, 1]), ([2, 3, 70], [2, 1, 70]), ([1, 1], [1, 1]), ([40, 1000], [40, 1]),
  ])
  func `maxima are the largest numbers, any pattern of axes`(from: [Int], to: [Int]) {
    let values = randomFloats(from.reduce(1, *), seed: 5).map { $0 - 2 }, result = unwritten(to.reduce(1, *))
    Kernel.maximum(from: from, to: to).run(inputs: [FloatBuffer(values)], outputs: [result], lanes: 3)
    var expected = [Float](repeating: -.infinity, count: result.count)
    for (index, value) in values.enumerated() {
      var (rest, place, stride) = (index, 0, 1)
      for axis in from.indices.reversed() {
        place += (to[axis] == 1 ? 0 : rest % from[axis]) * stride
        rest /= from[axis]
        stride *= to[axis]
      }
      expected[place] = max(expected[place], value)
    }
    #expect(result.values == expected)
  }

  @Test func `a table is written each time`() {
    let result = unwritten(3)
    Kernel.literal([1, -2, 0.5]).run(inputs: [], outputs: [result])
    #expect(result.values == [1, -2, 0.5])
  }

  @Test func `concatenated blocks fill the result`() {
    let counts = [3, 1, 5], stride = 9, outer = 4
    let parts = counts.enumerated().map { FloatBuffer(randomFloats(outer * $1, seed: UInt64($0))) }
    let offsets = [0, 3, 4]
    let blocks = zip(counts, offsets).map { StridedCopy(outer: outer, stride: stride, offset: $1, count: $0) }
    let whole = unwritten(outer * stride)
    Kernel.concatenate(blocks).run(inputs: parts, outputs: [whole], lanes: 3)
    for (part, block) in zip(parts, blocks) {
      #expect(
        (0..<part.count).allSatisfy { part.base[$0] == whole.base[$0 / block.count * stride + block.offset + $0 % block.count] })
    }
  }

  @Test(arguments: 0..<16)
  func `folding sums, unfolding repeats, whichever axes`(mask: Int) {
    let from = [3, 2, 5, 4]
    let to = from.enumerated().map { mask >> $0.offset & 1 == 1 ? $0.element : 1 }
    let values = randomFloats(120, seed: 4).map { ($0 * 64).rounded() / 64 }
    var sums = [Float](repeating: 0, count: to.reduce(1, *))
    var places: [Int] = []
    for a in 0..<3 {
      for b in 0..<2 {
        for c in 0..<5 {
          for d in 0..<4 {
            let place = ((min(a, to[0] - 1) * to[1] + min(b, to[1] - 1)) * to[2] + min(c, to[2] - 1)) * to[3] + min(d, to[3] - 1)
            sums[place] += values[places.count]
            places.append(place)
          }
        }
      }
    }
    let (folded, unfolded) = (unwritten(sums.count), unwritten(120))
    Kernel.fold(from: from, to: to).run(inputs: [FloatBuffer(values)], outputs: [folded])
    Kernel.unfold(from: to, to: from).run(inputs: [folded], outputs: [unfolded])
    #expect(folded.values == sums)
    #expect(unfolded.values == places.map { sums[$0] })
  }

  @Test func `buffers begin at 64 bytes and are zero`() {
    for count in [0, 1, 15, 16, 17, 1000] {
      let buffer = FloatBuffer(count: count)
      #expect(UInt(bitPattern: buffer.base) % 64 == 0 && buffer.values == [Float](repeating: 0, count: count))
    }
  }
}
