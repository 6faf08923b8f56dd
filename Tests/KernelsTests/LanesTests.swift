import Glibc
import Testing

@testable import Kernels

@Suite struct LanesTests {
  @Test(arguments: 1...5)
  func `every unit is done exactly once`(count: Int) {
    let lanes = Lanes(count: count)
    for units in [0, 1, 2, 7, 64, 1000] {
      let done = FloatBuffer(count: max(1, units))
      lanes.run(units: units) { done.base[$0] += 1 }
      #expect(done.values.allSatisfy { $0 == (units == 0 ? 0 : 1) }, "\(units) units")
    }
  }

  @Test(arguments: 1...5)
  func `a pass begins when the one before it has ended`(count: Int) {
    let (lanes, units, passes) = (Lanes(count: count), 13, 400)
    // Each unit adds up what all units of the pass before wrote: a single one too early or twice, and the sums go wrong.
    let (even, odd) = (FloatBuffer([Float](repeating: 1, count: units)), FloatBuffer(count: units))
    lanes.run { lane in
      for pass in 0..<passes {
        let (from, to) = pass % 2 == 0 ? (even.base, odd.base) : (odd.base, even.base)
        lane.share(units) { unit in
          var sum: Float = 0
          for i in 0..<units { sum += from[i] }
          to[unit] = (sum / Float(units) + 1).rounded()
        }
      }
    }
    #expect(even.values.allSatisfy { $0 == Float(passes + 1) })
  }

  @Test(arguments: [1, 2, 3, 8])
  func `runs follow each other without a trace of the last`(count: Int) {
    let lanes = Lanes(count: count)
    let seen = FloatBuffer(count: count)
    for run in 1...300 {
      let total = FloatBuffer(count: 5)
      lanes.run { lane in
        seen.base[lane.index] += 1
        lane.share(5) { total.base[$0] += 1 }
        lane.share(run % 3) { total.base[$0] += 1 }
      }
      #expect(total.values == (0..<5).map { $0 < run % 3 ? 2 : 1 })
    }
    // Fewer lanes work when others need the processors, the first ones.
    #expect(seen.values[0] == 300 && seen.values == seen.values.sorted(by: >))
  }

  @Test func `fewer lanes do all the work, and then more again`() {
    let lanes = Lanes(count: 5)
    let (units, passes) = (17, 100)
    for (lost, seconds) in [(0, 1), (9, 2), (0, 3), (9, 4), (0, 70)] {
      let done = FloatBuffer(count: units), worked = FloatBuffer(count: 5)
      let working = lanes.governor.lanes
      lanes.run { lane in
        worked.base[lane.index] = 1
        for _ in 0..<passes { lane.share(units) { done.base[$0] += 1 } }
      }
      #expect(done.values.allSatisfy { $0 == Float(passes) })
      #expect(worked.values == (0..<5).map { $0 < working ? 1 : 0 })
      lanes.governor = LaneGovernor(most: 5)
      lanes.governor.ran(
        until: seconds * 1_000_000_000, elapsed: 1_000_000_000, lost: lost * 300_000_000, idle: { Double(5 * seconds) })
      #expect((lanes.governor.lanes < 5) == (lost > 0))
    }
  }

  @Test func `runs of fewer lanes follow at once on runs of more`() {
    let (lanes, units, runs) = (Lanes(count: 4), 20_000, 400)
    let done = FloatBuffer(count: units)
    for run in 0..<runs {
      lanes.governor = LaneGovernor(most: 4)
      // One lane, while others may still be on their way out of the last barrier.
      if run % 2 == 1 { lanes.governor.ran(until: 1, elapsed: 1_000_000_000, lost: 3_000_000_000, idle: { 0 }) }
      lanes.run(units: units) { done.base[$0] += 1 }
    }
    #expect(done.values.allSatisfy { $0 == Float(runs) })
  }

  @Test func `many more lanes than processors work`() {
    let lanes = Lanes(count: 4 * Lanes.available + 3)
    let done = FloatBuffer(count: 100)
    for _ in 0..<20 { lanes.run(units: 100) { done.base[$0] += 1 } }
    #expect(done.values.allSatisfy { $0 == 20 })
  }

  @Test(arguments: [2, 5])
  func `teams come and go`(count: Int) {
    for _ in 0..<50 { Lanes(count: count).run(units: 1) { _ in } }
  }

  @Test func `two teams in two threads do not disturb each other`() async {
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<2 {
        group.addTask {
          let lanes = Lanes(count: 2)
          let done = FloatBuffer(count: 50)
          for _ in 0..<200 { lanes.run(units: 50) { done.base[$0] += 1 } }
          return done.values.allSatisfy { $0 == 200 }
        }
      }
      for await right in group { #expect(right) }
    }
  }

  @Test(arguments: [1, 3])
  func `denormal numbers are zero on every lane`(count: Int) {
    let product = FloatBuffer([Float](repeating: 1, count: 64))
    let tiny = FloatBuffer([Float](repeating: .leastNormalMagnitude, count: 64))
    Lanes(count: count).run(units: 64) { product.base[$0] = tiny.base[$0] * 0.5 }
    #expect(product.values.allSatisfy { $0.bitPattern == 0 })
  }

  @Test(arguments: [1, 3])
  func `after a run the calling thread has its denormal numbers back`(count: Int) {
    let tiny = FloatBuffer([.leastNormalMagnitude, 0.5])
    Lanes(count: count).run(units: 1) { _ in }
    #expect((tiny.base[0] * tiny.base[1]).bitPattern == 0x0040_0000)
  }
}
