import CPNG

/// Reading and writing PNG files (W3C, "Portable Network Graphics", third edition), over libpng.
package enum PNG: ImageFormat {
  package static let name = "PNG"
  package static let endings = ["png"]
  static let longestSide = Int(CPNG_MAX_SIDE)
  static let mostDecodedBytes = Int(CPNG_MAX_DECODED_BYTES)

  package static func begins(_ bytes: some Collection<UInt8>) -> Bool {
    PNGChunk.signature.starts(with: bytes.prefix(PNGChunk.signature.count))
  }

  /// The image in `bytes`, of any color type and depth. Samples of 16 bits are rounded to 8, and transparency is laid
  /// over white, both in the stored values: no color profile or gamma is applied. All bytes that the format asks for must be
  /// there. Bounded: the largest takes 144 MiB beside `bytes`.
  package static func stored(_ bytes: [UInt8]) throws(ImageError) -> RGBImage {
    var pixels: UnsafeMutablePointer<UInt8>?
    var (width, height): (UInt32, UInt32) = (0, 0)
    var text = [CChar](repeating: 0, count: Int(CPNG_ERROR_BYTES))
    let status = cpng_decode(bytes, bytes.count, &pixels, &width, &height, &text)
    defer { cpng_free(pixels) }
    guard status == CPNG_OK, let pixels else {
      throw error(status, text)
    }
    let count = Int(width) * Int(height) * 3
    return RGBImage(
      width: Int(width), height: Int(height), pixels: Array(UnsafeBufferPointer(start: pixels, count: count)))
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

  private static func error(_ status: cpng_status, _ text: [CChar]) -> ImageError {
    switch status {
    case CPNG_NOT_A_PNG: .unknown
    case CPNG_TRUNCATED: .truncated
    case CPNG_TOO_LARGE: .tooLarge
    case CPNG_TOO_MANY_BYTES: .tooManyBytes
    case CPNG_NO_MEMORY: .outOfMemory
    default: .damaged(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }
}
