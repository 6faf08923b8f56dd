import Basics
import Images
import Runs
import Testing

@testable import Inspection

@Suite struct HashTests {
  private func hash(_ image: RGBImage) -> PerceptualHash { PerceptualHash(Thumbnail(image)) }

  @Test(arguments: UInt64(1)...6) func `brightness and contrast make no difference`(seed: UInt64) {
    let image = mapped(drawing(seed)) { $0 / 2 + 40 }
    #expect(hash(mapped(image) { $0 + 50 }).distance(to: hash(image)) <= 2)  // brightness is rounded to levels
    #expect(hash(mapped(image) { UInt8((Int($0) - 40) * 3 / 2 + 20) }).distance(to: hash(image)) <= 2)
  }

  @Test(arguments: UInt64(1)...6) func `size makes none`(seed: UInt64) {
    #expect(hash(enlarged(drawing(seed), by: 3)) == hash(drawing(seed)))
  }

  @Test func `different drawings are far from each other`() {
    let hashes = (UInt64(1)...20).map { hash(drawing($0)) }
    for (index, left) in hashes.enumerated() {
      for right in hashes[(index + 1)...] { #expect(left.distance(to: right) > LookAlikes.hashRadius) }
    }
  }

  @Test func `an image of one color has no bits, whatever the color`() {
    for gray: UInt8 in [0, 1, 77, 128, 255] { #expect(hash(RGBImage(width: 80, height: 50, gray: gray)).bits == 0) }
  }

  @Test func `half of the bits are set, and the text has all digits`() {
    #expect(hash(drawing(3)).bits.nonzeroBitCount == 32)
    #expect("\(PerceptualHash(bits: 0x1f))" == "000000000000001f")
  }

  @Test(arguments: [0, 1, 2, 3, 4, 7, 8, 12, 15]) func `the index finds what comparing all finds`(radius: Int) {
    var stream = RandomStream(seed: UInt64(radius), name: "test.hashes")
    // Clusters: hashes that differ from earlier ones in up to 20 bits; some of them equal.
    var hashes = [PerceptualHash(bits: 0), PerceptualHash(bits: .max), PerceptualHash(bits: 0)]
    for number in 0..<400 {
      var bits = number % 3 == 0 ? stream.next() : hashes[stream.below(hashes.count)].bits
      if number % 3 != 0 { for _ in 0..<stream.below(20) { bits ^= 1 << UInt64(stream.below(64)) } }
      hashes.append(PerceptualHash(bits: bits))
    }
    let index = HashIndex(hashes, radius: radius)
    var scratch: [UInt32] = []
    for number in hashes.indices {
      var found: [Int] = []
      index.earlierNeighbors(of: number, scratch: &scratch) { found.append($0) }
      #expect(found == (0..<number).filter { hashes[$0].distance(to: hashes[number]) <= radius })
    }
  }
}
