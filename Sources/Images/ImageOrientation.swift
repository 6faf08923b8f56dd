/// How a stored image is to be turned and mirrored to stand upright, by the numbers of Exif (CIPA DC-008, tag 0x0112).
package enum ImageOrientation: UInt16, CaseIterable, Sendable {
  case upright = 1
  case mirrored, halfTurn, mirroredHalfTurn, transposed, quarterTurn, transversed, threeQuarterTurn

  /// Whether columns become rows.
  package var swapsSides: Bool { rawValue >= 5 }

  private static let tag = 0x0112
  private static let shortType = 3

  /// What the first directory of Exif data, a TIFF file of either byte order, says; nil when it says nothing that is defined.
  init?(exif data: ArraySlice<UInt8>) {
    // Some writers keep the mark that Exif data has in a JPEG.
    let bytes = Array(data.starts(with: "Exif\0\0".utf8) ? data.dropFirst(6) : data)
    let isLittle: Bool
    switch bytes.prefix(2) {
    case [0x49, 0x49]: isLittle = true
    case [0x4d, 0x4d]: isLittle = false
    default: return nil
    }
    func number(_ count: Int, at start: Int) -> Int? {
      guard start >= 0, start <= bytes.count - count else { return nil }
      let part = bytes[start..<start + count]
      return isLittle ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, at: 2) == 42, let directory = number(4, at: 4), let entries = number(2, at: directory) else { return nil }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = number(2, at: start) else { return nil }
      guard tag == Self.tag else { continue }
      guard number(2, at: start + 2) == Self.shortType, number(4, at: start + 4) == 1, let value = number(2, at: start + 8) else {
        return nil
      }
      self.init(rawValue: UInt16(value))
      return
    }
    return nil
  }
}

extension RGBImage {
  /// The upright image, if it was stored with `orientation`.
  package func upright(from orientation: ImageOrientation) -> RGBImage {
    guard orientation != .upright else { return self }
    let (right, bottom) = (width - 1, height - 1)
    // Where the pixel at column x and row y comes from.
    let source: (_ x: Int, _ y: Int) -> (x: Int, y: Int) =
      switch orientation {
      case .upright: { ($0, $1) }
      case .mirrored: { (right - $0, $1) }
      case .halfTurn: { (right - $0, bottom - $1) }
      case .mirroredHalfTurn: { ($0, bottom - $1) }
      case .transposed: { ($1, $0) }
      case .quarterTurn: { ($1, bottom - $0) }
      case .transversed: { (right - $1, bottom - $0) }
      case .threeQuarterTurn: { (right - $1, $0) }
      }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    // Sources of a row lie on a line, so two of them tell all.
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
      pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<newHeight {
          let (first, second) = (source(0, y), source(1, y))
          var from = (first.y * width + first.x) * 3
          let step = ((second.y - first.y) * width + second.x - first.x) * 3
          var to = y * newWidth * 3
          for _ in 0..<newWidth {
            for channel in 0..<3 { target[to + channel] = pixels[from + channel] }
            from += step
            to += 3
          }
        }
      }
      count = pixels.count
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: turned)
  }
}
