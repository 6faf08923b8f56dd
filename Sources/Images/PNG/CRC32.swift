/// The cyclic redundancy check of PNG chunks: polynomial 0xEDB88320 (reflected), as in ISO 3309.
package enum CRC32 {
  /// The check value of `bytes`.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { (0..<8).reduce(UInt32($0)) { crc, _ in crc >> 1 ^ (crc & 1) * 0xedb8_8320 } }
}
