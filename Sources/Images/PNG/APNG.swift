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
      return PNGChunk.bigEndian(sequence)
    }
    for (index, frame) in frames.enumerated() {
      let chunks = PNGChunk.leading(in: PNG.encode(frame))
      if index == 0 {
        out += PNGChunk.signature
        out += PNGChunk.bytes("IHDR", chunks.first { $0.type == "IHDR" }!.data)
        out += PNGChunk.bytes("acTL", PNGChunk.bigEndian(UInt32(frames.count)) + PNGChunk.bigEndian(UInt32(loops)))
      }
      let place = [UInt32(width), UInt32(height), 0, 0].flatMap(PNGChunk.bigEndian)
      let delay = [UInt8(delayMilliseconds >> 8), UInt8(delayMilliseconds & 255), UInt8(1000 >> 8), UInt8(1000 & 255)]
      let keepAndReplace: [UInt8] = [0, 0]
      out += PNGChunk.bytes("fcTL", nextSequence() + place + delay + keepAndReplace)
      for chunk in chunks where chunk.type == "IDAT" {
        out += index == 0 ? PNGChunk.bytes("IDAT", chunk.data) : PNGChunk.bytes("fdAT", nextSequence() + chunk.data)
      }
    }
    return out + PNGChunk.bytes("IEND", [])
  }
}
