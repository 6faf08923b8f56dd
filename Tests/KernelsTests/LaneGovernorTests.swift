import Testing

@testable import Kernels

/// Processors that other programs share, and what a team gets of them: whoever shares a processor gets half of it.
private struct Machine {
  var processors: Int
  var busy: Int
  /// Processors' worth of time that a control group allows, which idle processors do not show.
  var quota = Double.infinity
  private(set) var now = 0
  private(set) var idle = 0.0
  private(set) var work = 0.0

  /// Lanes' worth of time lost in each second.
  private func loss(_ lanes: Int) -> Double {
    max(0.5 * Double(max(0, min(lanes, lanes + busy - processors))), Double(lanes) - quota)
  }

  /// Work done in a second: each waits for all.
  func speed(_ lanes: Int) -> Double {
    let loss = loss(lanes)
    return lanes == 1 ? 1 - loss : max(Double(lanes) * max(0, 1 - loss), 0.1)
  }

  mutating func run(_ governor: inout LaneGovernor, nanoseconds: Int) {
    let seconds = Double(nanoseconds) * 1e-9
    now += nanoseconds
    idle += seconds * max(0, Double(processors - busy) - min(Double(governor.lanes), quota))
    work += seconds * speed(governor.lanes)
    let (seen, lost) = (idle, Int(loss(governor.lanes) * Double(nanoseconds)))
    governor.ran(until: now, elapsed: nanoseconds, lost: lost) { seen }
  }
}

@Suite struct LaneGovernorTests {
  @Test(arguments: [2, 3, 7, 16], [1_000_000, 43_000_000, 700_000_000])
  func `beside other programs, lanes are never slower than one by more than a twentieth`(processors: Int, run: Int) {
    for busy in 0..<processors {
      var (machine, governor) = (Machine(processors: processors, busy: busy), LaneGovernor(most: processors))
      while machine.now < 60_000_000_000 { machine.run(&governor, nanoseconds: run) }
      #expect(machine.work / 60 >= 0.95 * machine.speed(1), "\(busy) of \(processors) busy: \(machine.work)")
      // And nearly as fast as the processors that are left.
      #expect(machine.work / 60 >= 0.9 * Double(processors - busy), "\(busy) of \(processors) busy: \(machine.work)")
    }
  }

  @Test func `all lanes work on a quiet machine, whatever little they lose`() {
    for most in [1, 2, 5, 16] {
      var governor = LaneGovernor(most: most)
      for i in 1...1000 {
        governor.ran(until: i * 50_000_000, elapsed: 50_000_000, lost: 50_000_000 * 7 / (10 * most)) { 0 }
        #expect(governor.lanes == most)
      }
    }
  }

  @Test func `lanes work again two seconds after the other program ends`() {
    var (machine, governor) = (Machine(processors: 5, busy: 2), LaneGovernor(most: 5))
    while machine.now < 10_000_000_000 { machine.run(&governor, nanoseconds: 30_000_000) }
    #expect(governor.lanes == 3)
    machine.busy = 0
    while machine.now < 12_100_000_000 { machine.run(&governor, nanoseconds: 30_000_000) }
    #expect(governor.lanes == 5)
  }

  @Test func `a control group's limit, which looks like idle processors, costs little`() {
    var (machine, governor) = (Machine(processors: 4, busy: 0, quota: 2), LaneGovernor(most: 4))
    while machine.now < 300_000_000_000 { machine.run(&governor, nanoseconds: 20_000_000) }
    #expect(machine.work / 300 >= 0.95 * 2)
  }

  @Test func `without the system's word, lanes are tried again ever more seldom`() {
    var governor = LaneGovernor(most: 2)
    var tries: [Int] = []
    for i in 1...6000 {
      let before = governor.lanes
      governor.ran(until: i * 50_000_000, elapsed: 50_000_000, lost: before == 2 ? 40_000_000 : 0) { nil }
      if governor.lanes > before { tries.append(i / 20) }
    }
    let gaps = zip(tries.dropFirst(), tries).map { $0 - $1 }
    #expect(tries.count >= 4 && gaps == gaps.sorted() && gaps.last! >= 64, "\(tries)")
  }
}
