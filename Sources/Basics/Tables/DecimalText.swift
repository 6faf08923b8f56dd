/// Numbers of a CSV file's fields.
package enum DecimalText {
  /// The largest power of ten that a double holds exactly.
  private static let largestPower = 22
  /// Written out, so that they need no start.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
  /// Every integer up to this one is a double.
  private static let largestMantissa: UInt64 = 1 << 53
  /// Digits that cannot overflow 64 bits.
  private static let mostDigits = 19

  /// The number that the bytes spell, to the last bit what `Double(text)` gives; nil when they spell none.
  ///
  /// A decimal whose digits and power of ten are both exact doubles takes one multiplication or division, which rounds
  /// correctly (Clinger 1990, "How to read floating point numbers accurately"). That is nearly all of what we write.
  package static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard var here = bytes.baseAddress, !bytes.isEmpty else { return nil }
    let end = here + bytes.count
    let isNegative = here.pointee == UInt8(ascii: "-")
    if isNegative { here += 1 }
    var mantissa: UInt64 = 0
    var exponent = 0
    let whole = here
    while here < end, let digit = digit(here.pointee) {
      mantissa = mantissa &* 10 &+ digit
      here += 1
    }
    var digits = here - whole
    guard digits > 0 else { return slow(bytes) }
    if here < end, here.pointee == UInt8(ascii: ".") {
      here += 1
      let fraction = here
      while end - here >= 8, let eight = eightDigits(here) {
        mantissa = mantissa &* 100_000_000 &+ eight
        here += 8
      }
      while here < end, let digit = digit(here.pointee) {
        mantissa = mantissa &* 10 &+ digit
        here += 1
      }
      guard here > fraction else { return slow(bytes) }
      exponent = fraction - here
      digits += here - fraction
    }
    if here < end {
      guard let power = power(&here, end) else { return slow(bytes) }
      exponent += power
    }
    guard here == end, digits <= mostDigits, mantissa <= largestMantissa, abs(exponent) <= largestPower else { return slow(bytes) }
    let magnitude = powers.withUnsafeBufferPointer { powers in
      exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    }
    return isNegative ? -magnitude : magnitude
  }

  /// `e-05`, of at most three digits.
  private static func power(_ here: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int? {
    guard here.pointee | 0x20 == UInt8(ascii: "e") else { return nil }
    here += 1
    var isNegative = false
    if here < end, here.pointee == UInt8(ascii: "-") || here.pointee == UInt8(ascii: "+") {
      isNegative = here.pointee == UInt8(ascii: "-")
      here += 1
    }
    let first = here
    var power = 0
    while here < end, here - first < 3, let digit = digit(here.pointee) {
      power = power * 10 + Int(digit)
      here += 1
    }
    return here > first ? (isNegative ? -power : power) : nil
  }

  /// The number that the next eight bytes spell; nil unless all are digits. Pairs of digits are added up in their bytes, pairs
  /// of pairs in 16 bits, and those in 32.
  @inline(__always) private static func eightDigits(_ here: UnsafePointer<UInt8>) -> UInt64? {
    let word = UnsafeRawPointer(here).loadUnaligned(as: UInt64.self).littleEndian
    let digits = word &- 0x3030_3030_3030_3030
    // A byte below '0' borrows and one above '9' carries: either way its highest bit is set in one of the two.
    guard (digits | (word &+ 0x4646_4646_4646_4646)) & 0x8080_8080_8080_8080 == 0 else { return nil }
    let pairs = (digits &* 10 &+ (digits >> 8)) & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* 100 &+ (pairs >> 16)) & 0x0000_ffff_0000_ffff
    return (fours &* 10_000 &+ (fours >> 32)) & 0xffff_ffff
  }

  @inline(__always) private static func digit(_ byte: UInt8) -> UInt64? {
    let digit = byte &- UInt8(ascii: "0")
    return digit < 10 ? UInt64(digit) : nil
  }

  private static func slow(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    Double(String(decoding: bytes, as: UTF8.self))
  }
}
