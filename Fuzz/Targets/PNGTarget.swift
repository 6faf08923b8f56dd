import Images
import Runs

/// Images: the bytes as they are, and once more with check values that fit, which a fuzzer would never find.
enum PNGTarget {
  /// Pixels of an image that is encoded again.
  private static let fewPixels = 256
  private static let (signatureBytes, frameBytes) = (8, 12)

  /// An image that is read has as many pixels as it says, and comes back from what is written of it.
  static func run(_ bytes: [UInt8]) throws {
    try check(bytes)
    let repaired = withFreshChecksums(bytes)
    if repaired != bytes { try check(repaired) }
  }

  private static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
    guard let image = try? ImageFormatCatalog.decode(bytes) else { return }
    let sides = 1...ImageLimits.side
    try BrokenLaw.unless(sides.contains(image.width) && sides.contains(image.height), "sides are bounded")
    try BrokenLaw.unless(image.pixels.count == image.width * image.height * 3, "there are as many samples as pixels")
    guard image.width * image.height <= fewPixels else { return }
    try BrokenLaw.unless((try? ImageFormatCatalog.decode(PNG.encode(image))) == image, "an image comes back")
  }

  /// `file` with the check values that its chunks should have, as far as its lengths can be followed.
  private static func withFreshChecksums(_ file: [UInt8]) -> [UInt8] {
    var (file, start) = (file, signatureBytes)
    while start + frameBytes <= file.count {
      let count = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = start + 8 + count
      guard end + 4 <= file.count else { break }
      let checksum = CRC32.checksum(file[start + 4..<end])
      file.replaceSubrange(end..<end + 4, with: withUnsafeBytes(of: checksum.bigEndian, Array.init))
      start = end + 4
    }
    return file
  }
}
