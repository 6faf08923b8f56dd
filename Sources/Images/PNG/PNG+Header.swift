extension PNG {
  /// What the chunks say about the pixels, which may be damaged all the same; nil if `bytes` do not begin with a header.
  package static func header(of bytes: [UInt8]) -> ImageHeader? {
    guard bytes.count >= 33, begins(bytes), bytes[12..<16].elementsEqual("IHDR".utf8),
      let color = ImageHeader.Color(rawValue: bytes[25])
    else { return nil }
    let stored = (number(bytes, 16), number(bytes, 20))
    let (width, height) = orientation(of: bytes).swapsSides ? (stored.1, stored.0) : stored
    return ImageHeader(
      width: width, height: height, depth: Int(bytes[24]), color: color,
      hasAlpha: color == .rgba || color == .grayAlpha || hasTransparency(bytes))
  }

  /// What the `eXIf` chunk of a PNG file says; upright when there is none, or none that can be read. The first counts, before or
  /// after the pixels; one whose check value is wrong does not.
  package static func orientation(of bytes: [UInt8]) -> ImageOrientation {
    var position = 8
    while position + 12 <= bytes.count {
      let count = number(bytes, position)
      let (data, end) = (position + 8, position + 8 + count)
      guard end + 4 <= bytes.count else { break }
      let type = bytes[position + 4..<data]
      if type.elementsEqual("IEND".utf8) { break }
      if type.elementsEqual("eXIf".utf8) {
        let checksum = bytes[end..<end + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard CRC32.checksum(bytes[position + 4..<end]) == checksum else { break }
        return ImageOrientation(exif: bytes[data..<end]) ?? .upright
      }
      position = end + 4
    }
    return .upright
  }

  /// Whether there is a `tRNS` chunk ahead of the pixels.
  private static func hasTransparency(_ bytes: [UInt8]) -> Bool {
    var position = 8
    while position + 12 <= bytes.count {
      let type = bytes[position + 4..<position + 8]
      if type.elementsEqual("tRNS".utf8) { return true }
      if type.elementsEqual("IDAT".utf8) || type.elementsEqual("IEND".utf8) { return false }
      position += 12 + number(bytes, position)
    }
    return false
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> Int {
    bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
