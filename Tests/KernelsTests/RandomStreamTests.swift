import Basics
import Testing

@Suite struct RandomStreamTests {
  @Test func `Philox of zero is the published answer`() {
    // Known answer of Random123 (Salmon et al. 2011) for philox4x32-10 with counter and key zero.
    let block = RandomStream.philox(counter: 0, key: 0)
    #expect([block.0, block.1, block.2, block.3] == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
  }

  @Test func `streams of other names or seeds are unrelated`() {
    let words = ["latent.generator", "latent.discriminator", "mix", "initial.generator.a", "initial.generator.b", ""]
    var streams = words.map { RandomStream(seed: 1, name: $0) } + (2..<6).map { RandomStream(seed: $0, name: "mix") }
    #expect(Set(streams.map(\.key)).count == streams.count)
    let draws = streams.indices.map { i in (0..<4000).map { _ in streams[i].uniform() - 0.5 } }
    for i in draws.indices {
      for j in draws.indices.dropFirst(i + 1) {
        // The correlation of n independent pairs has deviation 1 / sqrt(n).
        let correlation = 12 * zip(draws[i], draws[j]).reduce(0) { $0 + $1.0 * $1.1 } / 4000
        #expect(abs(correlation) < 5 / 4000.0.squareRoot(), "streams \(i) and \(j)")
      }
    }
  }

  @Test func `a position is the whole state`() {
    var stream = RandomStream(seed: 7, name: "mix")
    for _ in 0..<10 { _ = stream.next() }
    var resumed = RandomStream(seed: 7, name: "mix", position: stream.position)
    #expect(stream.position == 10 && (0..<5).allSatisfy { _ in stream.next() == resumed.next() })
    #expect(stream.take(blocks: 3) == 15 && stream.position == 18)
  }

  @Test func `uniform numbers fill their range evenly`() {
    var stream = RandomStream(seed: 3, name: "uniform")
    var bins = [Int](repeating: 0, count: 10)
    for _ in 0..<20_000 {
      let u = stream.uniform()
      bins[Int(u * 10)] += 1  // stops the program outside of [0, 1)
    }
    // Chi-squared with 9 degrees of freedom is above 33.7 once in 10,000 times; the seed is fixed.
    #expect(bins.reduce(0) { $0 + Double(($1 - 2000) * ($1 - 2000)) / 2000 } < 33.7)
    #expect((0..<1000).allSatisfy { _ in (-3.0..<5).contains(stream.uniform(in: -3...5)) })
    #expect(Set((0..<200).map { _ in stream.below(7) }) == Set(0..<7) && stream.below(1) == 0)
  }

  @Test(arguments: [0, 1, 2, 3, 640])
  func `a permutation has every number once`(count: Int) {
    var stream = RandomStream(seed: 9, name: "order")
    let (first, second) = (stream.permutation(of: count), stream.permutation(of: count))
    #expect(first.sorted() == Array(0..<count) && second.sorted() == Array(0..<count))
    if count == 640 { #expect(first != second && first != first.sorted()) }
  }

  @Test func `every order of three is equally likely`() {
    var stream = RandomStream(seed: 4, name: "order")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[stream.permutation(of: 3), default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 150 })  // five deviations of 29
  }
}
