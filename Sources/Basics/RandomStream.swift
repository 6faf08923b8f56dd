/// A named, counter-based stream of random numbers: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011,
/// "Parallel random numbers: as easy as 1, 2, 3").
///
/// The key follows from the seed and the name, so streams with different names are independent and drawing from
/// one never shifts another. ``position`` is the whole state: it counts blocks of 128 random bits.
package struct RandomStream: Sendable, Hashable {
  /// What the stream is for, as in `latent.generator`.
  package let name: String
  /// Philox's two key words.
  package let key: UInt64
  /// The number of blocks taken so far.
  package var position: UInt64

  /// The stream `name` of the experiment seeded with `seed`, from its beginning or from `position`.
  package init(seed: UInt64, name: String, position: UInt64 = 0) {
    self.name = name
    self.position = position
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a over the name, finished with SplitMix64
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    key = Self.mix(hash ^ Self.mix(seed &+ 0x9e37_79b9_7f4a_7c15))
  }

  /// The first of `count` consecutive blocks, which belong to the caller from now on.
  package mutating func take(blocks count: Int) -> UInt64 {
    defer { position += UInt64(count) }
    return position
  }

  /// 64 uniform random bits. Takes one block.
  package mutating func next() -> UInt64 {
    let block = Self.philox(counter: take(blocks: 1), key: key)
    return UInt64(block.1) << 32 | UInt64(block.0)
  }

  /// A number in [0, 1) with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `[range.lowerBound, range.upperBound)`.
  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer in `0..<bound`, each equally likely (Lemire 2019, without his rejection: the bias is below `bound / 2^64`).
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "an empty range has no random member")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers `0..<count` in random order (Fisher-Yates).
  package mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, below(i + 1)) }
    return order
  }

  /// Ten rounds of Philox4x32 on the counter `(counter, 0)`.
  package static func philox(counter: UInt64, key: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1) = (UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32))
    var (c2, c3): (UInt32, UInt32) = (0, 0)
    var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for _ in 0..<10 {
      let (high0, low0) = c0.multipliedFullWidth(by: 0xd251_1f53)
      let (high1, low1) = c2.multipliedFullWidth(by: 0xcd9e_8d57)
      (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0)
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (c0, c1, c2, c3)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
