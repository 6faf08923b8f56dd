/// A fast check value of 64 bits, for damage and not against deceit.
///
/// Each step is a bijection of the state for given bytes and of the bytes for a given state, so a change within eight
/// neighbouring bytes never goes unnoticed; any other does with a probability of about 2^-64.
enum Checksum {
  /// The check value of `bytes`, continued from `seed`.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    // Four chains, since each step waits for the one before it.
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self).littleEndian }
    let words = bytes.count / 8
    var index = 0
    while index + 4 <= words {
      a = step(a, word(index))
      b = step(b, word(index + 1))
      c = step(c, word(index + 2))
      d = step(d, word(index + 3))
      index += 4
    }
    while index < words {
      a = step(a, word(index))
      index += 1
    }
    for index in 8 * words..<bytes.count { b = step(b, UInt64(bytes[index])) }
    return step(step(step(step(UInt64(bytes.count), a), b), c), d)
  }

  /// The factor is odd, so that multiplying by it can be undone: the golden ratio's fraction in 64 bits.
  @inline(__always) private static func step(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = state ^ word
    return (mixed << 29 | mixed >> 35) &* 0x9e37_79b9_7f4a_7c15
  }
}
