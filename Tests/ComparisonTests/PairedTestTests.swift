import Basics
import Testing

@testable import Comparison

@Suite struct PairedTestTests {
  @Test func `the t test is that of SciPy`() {
    for known in StatisticsFixture.cases("paired") {
      let test = PairedTest.t(known.lists[0], known.lists[1])
      #expect(agrees(test?.statistic, known.numbers[0]), "\(known.testDescription)")
      #expect(agrees(test?.p, known.numbers[1]), "\(known.testDescription)")
    }
  }

  @Test func `Wilcoxon's test is that of SciPy`() {
    for known in StatisticsFixture.cases("paired") {
      let test = PairedTest.wilcoxon(known.lists[0], known.lists[1])
      #expect(agrees(test?.statistic, known.numbers[2]), "\(known.testDescription)")
      #expect(agrees(test?.p, known.numbers[3]), "\(known.testDescription)")
    }
  }

  @Test func `five pairs cannot show anything at five percent`() throws {
    let test = try #require(PairedTest.wilcoxon([1, 2, 3, 4, 5], [11, 22, 33, 44, 55]))
    #expect(test.p == 0.0625 && test.leastPossible == 0.0625 && test.count == 5)
    let mixed = try #require(PairedTest.wilcoxon([1, 2, 3, 4, 5], [11, 22, 33, 44, -55]))
    #expect(mixed.p > 0.0625 && mixed.leastPossible == 0.0625)
    #expect(try #require(PairedTest.wilcoxon([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12])).leastPossible == 0.03125)
  }

  @Test func `no p is below the least possible one`() {
    for known in StatisticsFixture.cases("paired") {
      for test in [PairedTest.t(known.lists[0], known.lists[1]), PairedTest.wilcoxon(known.lists[0], known.lists[1])] {
        guard let test else { continue }
        #expect(test.leastPossible <= test.p && test.p <= 1, "\(known.testDescription)")
        #expect(test.count >= 1 && test.count <= known.lists[0].count)
      }
    }
  }

  @Test func `exchanging the lists changes only the sign`() throws {
    let (a, b) = ([1, 4, 2, 8, 5, 7.5], [2, 4, 1, 11, 9, 6.0])
    let (there, back) = (try #require(PairedTest.t(a, b)), try #require(PairedTest.t(b, a)))
    #expect(there.statistic == -back.statistic && there.p == back.p)
    #expect(PairedTest.wilcoxon(a, b) == PairedTest.wilcoxon(b, a))
  }

  @Test func `pairs that do not differ are left out of Wilcoxon's test`() throws {
    let test = try #require(PairedTest.wilcoxon([1, 2, 3, 4], [1, 5, 3, 9]))
    #expect(test.count == 2 && test.p == 0.5)
  }

  @Test func `there is no test without a spread`() {
    #expect(PairedTest.t([], []) == nil && PairedTest.wilcoxon([], []) == nil)
    #expect(PairedTest.t([1], [2]) == nil)
    #expect(PairedTest.t([1, 2], [2, 3]) == nil)
    #expect(PairedTest.wilcoxon([1, 2], [1, 2]) == nil)
    #expect(PairedTest.t([1, .nan], [2, 2]) == nil && PairedTest.wilcoxon([1, .infinity], [2, 2]) == nil)
  }

  @Test func `holm's correction is that of his paper, and never below the p itself`() {
    let corrected = PairedTest.corrected([0.01, 0.04, 0.03, 0.005])
    #expect(zip(corrected, [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(PairedTest.corrected([]) == [] && PairedTest.corrected([0.2]) == [0.2] && PairedTest.corrected([0.9, 0.8]) == [1, 1])
    var stream = RandomStream(seed: 2, name: "holm")
    for count in [2, 3, 7, 13] {
      let p = (0..<count).map { _ in stream.uniform() }
      let corrected = PairedTest.corrected(p)
      #expect(zip(p, corrected).allSatisfy { $0 <= $1 && $1 <= 1 })
      let order = p.indices.sorted { p[$0] < p[$1] }
      #expect(zip(order, order.dropFirst()).allSatisfy { corrected[$0] <= corrected[$1] })
    }
  }
}
