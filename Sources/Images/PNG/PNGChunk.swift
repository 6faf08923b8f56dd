/// The pieces that a PNG file consists of.
enum PNGChunk {
  /// The eight bytes that every file begins with.
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The chunks that are wholly in `bytes`, from the first on; none if these are not the beginning of a PNG. Check values are
  /// not looked at.
  static func leading(in bytes: [UInt8]) -> [(type: String, data: ArraySlice<UInt8>)] {
    guard bytes.starts(with: signature) else { return [] }
    var chunks: [(type: String, data: ArraySlice<UInt8>)] = []
    var start = signature.count
    while start + 12 <= bytes.count {
      let count = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard start + 12 + count <= bytes.count else { break }
      chunks.append((String(decoding: bytes[start + 4..<start + 8], as: UTF8.self), bytes[start + 8..<start + 8 + count]))
      start += count + 12
    }
    return chunks
  }

  /// Length, type, data and check value of one chunk.
  static func bytes(_ type: String, _ data: some Collection<UInt8>) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(CRC32.checksum(body))
  }

  /// `value` with its highest byte first.
  static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
}
