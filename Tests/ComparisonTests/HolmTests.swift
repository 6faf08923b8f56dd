import Basics
import Testing

@testable import Comparison

@Suite struct HolmTests {
  @Test func `an example by hand`() {
    // 0.005 x 4, 0.01 x 3, 0.03 x 2; the last one is below the one before it.
    #expect(Holm.corrected([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
    #expect(Holm.corrected([0.2]) == [0.2] && Holm.corrected([]) == [] && Holm.corrected([0.6, 0.7]) == [1, 1])
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `no p falls, none exceeds 1 or what Bonferroni says, and the order stays`(
    seed: UInt64
  ) {
    var stream = RandomStream(seed: seed, name: "holm")
    // Some are equal.
    let p = (0..<1 + stream.below(12)).map { _ in stream.below(3) == 0 ? 0.25 : stream.uniform() }
    let corrected = Holm.corrected(p)
    for (a, b) in zip(p, corrected) { #expect(b >= a && b <= min(1, a * Double(p.count)), "seed \(seed)") }
    for i in p.indices { for j in p.indices where p[i] <= p[j] { #expect(corrected[i] <= corrected[j], "seed \(seed)") } }
    let order = stream.permutation(of: p.count)
    #expect(Holm.corrected(order.map { p[$0] }) == order.map { corrected[$0] }, "seed \(seed)")
  }

  @Test func `of true hypotheses one is rejected as often as the level says, at most`() {
    var stream = RandomStream(seed: 5, name: "holm")
    let (rounds, level) = (4000, 0.05)
    let wrong = (0..<rounds).count { _ in Holm.corrected((0..<8).map { _ in stream.uniform() }).contains { $0 < level } }
    // Independent p: 1 - (1 - 0.05 / 8)^8 = 0.0489; three standard errors are 0.0102.
    #expect(abs(Double(wrong) / Double(rounds) - 0.0489) < 0.0102, "\(wrong) of \(rounds)")
  }
}
