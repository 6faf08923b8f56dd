/// A place in a line of comma-separated fields without quotes.
struct FieldCursor {
  private static let comma = UInt8(ascii: ",")
  private static let commas: UInt64 = 0x2c2c_2c2c_2c2c_2c2c
  private static let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

  private var here: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  /// The beginning of a line, of which seven bytes more may be looked at. A carriage return at its end is no part of it.
  init(_ line: UnsafeBufferPointer<UInt8>) {
    here = line.baseAddress!
    end = here + (line.last == UInt8(ascii: "\r") ? line.count - 1 : line.count)
  }

  /// Moves past the next `count` commas; false if there are fewer.
  mutating func skip(_ count: Int) -> Bool {
    var remaining = count
    while remaining > 0 {
      let word = UnsafeRawPointer(here).loadUnaligned(as: UInt64.self).littleEndian ^ Self.commas
      // The highest bit of each byte that was a comma.
      var found = ~(((word & Self.low) &+ Self.low) | word | Self.low)
      let commas = found.nonzeroBitCount
      if commas < remaining {
        remaining -= commas
        here += 8
        if here >= end { return false }
        continue
      }
      for _ in 1..<remaining { found &= found &- 1 }
      here += found.trailingZeroBitCount / 8 + 1
      return here <= end
    }
    return true
  }

  /// The field that begins here.
  mutating func field() -> UnsafeBufferPointer<UInt8> {
    let start = here
    while here < end, here.pointee != Self.comma { here += 1 }
    return UnsafeBufferPointer(start: start, count: here - start)
  }
}
