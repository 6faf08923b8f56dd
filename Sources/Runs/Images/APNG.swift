/// Writing animated PNG files (W3C, "Portable Network Graphics", third edition, section 11.3.6). A program that knows no animation
/// shows the first frame.
package enum APNG {
  /// `frames`, one or more of equal size, as the bytes of an animation: each is shown for `delayMilliseconds`
  /// (0...65535), all of them `loops` times (0: for ever).
  package static func encode(_ frames: [RGBImage], delayMilliseconds: Int, loops: Int = 0) -> [UInt8] {
    precondition(!frames.isEmpty, "an animation needs a frame")
    let (width, height) = (frames[0].width, frames[0].height)
    precondition(frames.allSatisfy { $0.width == width && $0.height == height }, "the frames differ in size")
    precondition((0...65535).contains(delayMilliseconds) && (0...Int(Int32.max)).contains(loops), "the timing is out of range")

    var out: [UInt8] = []
    var sequence: UInt32 = 0
    func nextSequence() -> [UInt8] {
      defer { sequence += 1 }
      return bigEndian(sequence)
    }
    for (index, frame) in frames.enumerated() {
      let png = PNG.encode(frame)
      let chunks = self.chunks(of: png)
      if index == 0 {
        out += png.prefix(signatureCount)
        append("IHDR", chunks.first { $0.type == "IHDR" }!.data, to: &out)
        append("acTL", (bigEndian(UInt32(frames.count)) + bigEndian(UInt32(loops)))[...], to: &out)
      }
      let place = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + bigEndian(0) + bigEndian(0)
      let delay = [UInt8(delayMilliseconds >> 8), UInt8(delayMilliseconds & 255), UInt8(1000 >> 8), UInt8(1000 & 255)]
      let keepAndReplace: [UInt8] = [0, 0]
      append("fcTL", (nextSequence() + place + delay + keepAndReplace)[...], to: &out)
      for chunk in chunks where chunk.type == "IDAT" {
        if index == 0 {
          append("IDAT", chunk.data, to: &out)
        } else {
          append("fdAT", (nextSequence() + chunk.data)[...], to: &out)
        }
      }
    }
    append("IEND", [], to: &out)
    return out
  }

  private static let signatureCount = 8

  /// The chunks of a file that libpng has just written.
  private static func chunks(of png: [UInt8]) -> [(type: String, data: ArraySlice<UInt8>)] {
    var chunks: [(type: String, data: ArraySlice<UInt8>)] = []
    var start = signatureCount
    while start < png.count {
      let count = png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      chunks.append((String(decoding: png[start + 4..<start + 8], as: UTF8.self), png[start + 8..<start + 8 + count]))
      start += count + 12
    }
    return chunks
  }

  /// Length, type, data and CRC of one chunk.
  private static func append(_ type: String, _ data: ArraySlice<UInt8>, to out: inout [UInt8]) {
    out += bigEndian(UInt32(data.count))
    let start = out.count
    out += type.utf8
    out += data
    out += bigEndian(CRC32.checksum(out[start...]))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
}
