import Basics
import Testing

@testable import Graph

@Suite struct ArenaLayoutTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `values that live at the same time never overlap, and all begin at 64 bytes`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "arena")
    let steps = 1 + stream.below(30)
    let requests = (0..<1 + stream.below(60)).map { _ in
      let first = stream.below(steps)
      return ArenaLayout.Request(
        count: stream.below(4) == 0 ? 0 : stream.below(200), first: first, last: first + stream.below(steps - first))
    }
    let layout = ArenaLayout(requests)
    #expect(layout.offsets.count == requests.count)
    for (i, a) in requests.enumerated() {
      #expect(layout.offsets[i] % 16 == 0 && layout.offsets[i] >= 0 && layout.offsets[i] + a.count <= layout.count)
      for (j, b) in requests.enumerated().dropFirst(i + 1)
      where a.first <= b.last && b.first <= a.last && a.count > 0 && b.count > 0 {
        let (x, y) = (layout.offsets[i], layout.offsets[j])
        #expect(x + a.count <= y || y + b.count <= x, "\(a) at \(x) and \(b) at \(y)")
      }
    }
    // No worse than giving everything a place of its own.
    #expect(layout.count <= requests.reduce(0) { $0 + ($1.count + 15) / 16 * 16 })
  }

  @Test func `values that never meet share their place`() {
    let layout = ArenaLayout((0..<10).map { ArenaLayout.Request(count: 64, first: $0, last: $0) })
    #expect(layout.count == 64)
    #expect(ArenaLayout([]).count == 0)
  }
}
