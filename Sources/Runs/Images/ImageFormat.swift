/// A kind of image file that is not PNG, recognized by its first bytes: people have folders of these, and messages name what they are.
package enum ImageFormat: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  case jpeg, gif, webp, bmp, tiff, heic, avif

  /// With its article, as in `a JPEG`.
  package var description: String {
    switch self {
    case .jpeg: "a JPEG"
    case .gif: "a GIF"
    case .webp: "a WebP"
    case .bmp: "a BMP"
    case .tiff: "a TIFF"
    case .heic: "a HEIC"
    case .avif: "an AVIF"
    }
  }

  /// Bytes that ``init(_:)`` needs at most.
  private static let signatureBytes = 32

  /// The format of a file that begins with `bytes`; nil when it is none of these.
  package init?(_ bytes: some Sequence<UInt8>) {
    let head = Array(bytes.prefix(Self.signatureBytes))
    func has(_ signature: [UInt8], at start: Int = 0) -> Bool { head.dropFirst(start).starts(with: signature) }
    func says(_ text: String, at start: Int) -> Bool { has(Array(text.utf8), at: start) }
    if has([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if says("GIF87a", at: 0) || says("GIF89a", at: 0) {
      self = .gif
    } else if says("RIFF", at: 0) && says("WEBP", at: 8) {
      self = .webp
    } else if says("BM", at: 0) && has([0, 0, 0, 0], at: 6) {
      self = .bmp
    } else if has([0x49, 0x49, 0x2a, 0]) || has([0x4d, 0x4d, 0, 0x2a]) || has([0x49, 0x49, 0x2b, 0]) || has([0x4d, 0x4d, 0, 0x2b]) {
      self = .tiff
    } else if says("ftyp", at: 4), let format = Self.brand(head) {
      self = format
    } else {
      return nil
    }
  }

  /// What the brands of an ISO base media file say: the major one, then the compatible ones.
  private static func brand(_ head: [UInt8]) -> ImageFormat? {
    let places = [8] + stride(from: 16, through: head.count - 4, by: 4)
    let brands = places.map { String(decoding: head.dropFirst($0).prefix(4), as: UTF8.self) }
    if brands.contains(where: { ["avif", "avis"].contains($0) }) { return .avif }
    return brands.contains { ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"].contains($0) } ? .heic : nil
  }

  /// Whether the name of a file ends like those of images of another format.
  package static func isNamed(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return endings.contains(name[name.index(after: dot)...].lowercased())
  }

  private static let endings: Set = [
    "jpg", "jpeg", "jpe", "jfif", "gif", "webp", "bmp", "dib", "tif", "tiff", "heic", "heif", "hif", "avif",
  ]
}
