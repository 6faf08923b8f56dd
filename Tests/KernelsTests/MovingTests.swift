import Testing

@testable import Kernels

/// Kernels that move numbers and add few of them up.
@Suite struct MovingTests {
  @Test(arguments: [(1, 7, 0, 7), (5, 11, 3, 4), (3, 6, 5, 1), (2, 9, 0, 3)])
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
