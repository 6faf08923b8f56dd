import CPNG

/// Reading and writing PNG files (W3C, "Portable Network Graphics", third edition), over libpng.
package enum PNG {
  /// Longer sides are refused.
  package static let maximumSide = Int(CPNG_MAX_SIDE)
  /// Longer files are refused.
  package static let maximumBytes = 32 << 20
  /// Images that would be kept decoded in more bytes are refused: interlaced ones of 16 bits a sample.
  package static let maximumDecodedBytes = Int(CPNG_MAX_DECODED_BYTES)

  /// The image in `bytes`, of any color type and depth. Samples of 16 bits are rounded to 8, and transparency is laid
  /// over white, both in the stored values: no color profile or gamma is applied. It is turned upright, as ``ImageOrientation``
  /// says. All bytes that the format asks for must be there. Bounded: the largest takes 144 MiB beside `bytes`.
  package static func decode(_ bytes: [UInt8]) throws(PNGError) -> RGBImage {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= maximumBytes else { throw .fileTooLarge }
    var pixels: UnsafeMutablePointer<UInt8>?
    var (width, height): (UInt32, UInt32) = (0, 0)
    var text = [CChar](repeating: 0, count: Int(CPNG_ERROR_BYTES))
    let status = cpng_decode(bytes, bytes.count, &pixels, &width, &height, &text)
    defer { cpng_free(pixels) }
    guard status == CPNG_OK, let pixels else {
      if status == CPNG_NOT_A_PNG, let format = ImageFormat(bytes) { throw .other(format) }
      throw error(status, text)
    }
    let count = Int(width) * Int(height) * 3
    let stored = RGBImage(
      width: Int(width), height: Int(height), pixels: Array(UnsafeBufferPointer(start: pixels, count: count)))
    return stored.upright(from: ImageOrientation(png: bytes))
  }

  /// The image in the file at `path`. Never waits: a FIFO is refused.
  package static func read(_ path: String) throws(PNGError) -> RGBImage {
    try decode(try FileBytes.read(path, limit: maximumBytes))
  }

  /// The image in the file that `path` leads to from `folder` and that lies in there, as ``FileBytes`` reads it.
  package static func read(_ path: String, below folder: String) throws(PNGError) -> RGBImage {
    try decode(try FileBytes.read(path, below: folder, limit: maximumBytes))
  }

  /// `image` as the bytes of an RGB file. The same image gives the same bytes, for one version of libpng and zlib.
  package static func encode(_ image: RGBImage) -> [UInt8] {
    encode(image.pixels, width: image.width, height: image.height, channels: 3)
  }

  /// `[height, width]` gray levels as the bytes of a gray file.
  package static func encode(gray pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    encode(pixels, width: width, height: height, channels: 1)
  }

  private static func encode(_ pixels: [UInt8], width: Int, height: Int, channels: Int) -> [UInt8] {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * channels, "\(pixels.count) samples for \(width) x \(height)")
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var text = [CChar](repeating: 0, count: Int(CPNG_ERROR_BYTES))
    let status = cpng_encode(pixels, UInt32(width), UInt32(height), Int32(channels), &bytes, &count, &text)
    defer { cpng_free(bytes) }
    guard status == CPNG_OK, let bytes else { fatalError("\(width) x \(height) pixels: \(error(status, text))") }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private static func error(_ status: cpng_status, _ text: [CChar]) -> PNGError {
    switch status {
    case CPNG_NOT_A_PNG: .notPNG
    case CPNG_TRUNCATED: .truncated
    case CPNG_TOO_LARGE: .tooLarge
    case CPNG_TOO_MANY_BYTES: .tooManyBytes
    case CPNG_NO_MEMORY: .outOfMemory
    default: .damaged(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }
}
