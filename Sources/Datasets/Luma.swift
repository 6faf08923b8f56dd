/// The gray of a color as ITU-R BT.601 weighs it.
enum Luma {
  /// 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point, rounded to 8 bits.
  @inline(__always) static func of(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    Int((UInt32(red) &* 19595 &+ UInt32(green) &* 38470 &+ UInt32(blue) &* 7471 &+ 0x8000) >> 16)
  }
}
