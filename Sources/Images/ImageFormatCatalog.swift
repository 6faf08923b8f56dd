import Basics

/// A format that images are read from. One is a file in `Formats` and a line in ``ImageFormatCatalog``.
package protocol ImageFormat: Sendable {
  /// As users read it.
  static var name: String { get }
  /// How names of such files end, in lower case and without the dot.
  static var endings: [String] { get }
  /// Whether a file that begins with `bytes` is one. A file that ends within the signature is.
  static func begins(_ bytes: some Collection<UInt8>) -> Bool
  /// What the file says about its pixels, which may be damaged all the same; nil if it says nothing that can be read.
  static func header(of bytes: [UInt8]) -> ImageHeader?
  /// How the stored image is to be turned; upright if the file does not say.
  static func orientation(of bytes: [UInt8]) -> ImageOrientation
  /// The image as it is stored in a file of at most ``ImageLimits/fileBytes``, within ``ImageLimits``.
  static func stored(_ bytes: [UInt8]) throws(ImageError) -> RGBImage
}

/// What is read of images: the same for all formats.
package enum ImageLimits {
  /// Pixels of a side.
  package static let side = PNG.longestSide
  /// Bytes of a file.
  package static let fileBytes = 32 << 20
  /// Bytes that a decoded image is kept in on the way: interlaced ones of 16 bits a sample take the most.
  package static let decodedBytes = PNG.mostDecodedBytes
}

/// All formats that images are read from, and reading them.
package enum ImageFormatCatalog {
  package static let formats: [any ImageFormat.Type] = [PNG.self]

  /// What an image is called that is of one of the formats, as in `a PNG`.
  package static var anyImage: String { "a " + formats.map { $0.name }.joined(separator: " or ") }

  /// Whether the name of a file ends like those of images of one of the formats.
  package static func isNamed(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    let ending = name[name.index(after: dot)...].lowercased()
    return formats.contains { $0.endings.contains(ending) }
  }

  /// The format of a file that begins with `bytes`.
  package static func format(of bytes: [UInt8]) -> (any ImageFormat.Type)? { formats.first { $0.begins(bytes) } }

  /// What the file says about its pixels; nil if it is none of the formats.
  package static func header(of bytes: [UInt8]) -> ImageHeader? { format(of: bytes)?.header(of: bytes) }

  /// How the stored image is to be turned.
  package static func orientation(of bytes: [UInt8]) -> ImageOrientation { format(of: bytes)?.orientation(of: bytes) ?? .upright }

  /// The image in `bytes`, turned upright.
  package static func decode(_ bytes: [UInt8]) throws(ImageError) -> RGBImage {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= ImageLimits.fileBytes else { throw .fileTooLarge }
    guard let format = format(of: bytes) else { throw ForeignFormat(bytes).map(ImageError.foreign) ?? .unknown }
    return try format.stored(bytes).upright(from: format.orientation(of: bytes))
  }

  /// The image in the file at `path`. Never waits: a FIFO is refused.
  package static func read(_ path: String) throws(ImageError) -> RGBImage {
    try decode(FileBytes.read(path, limit: ImageLimits.fileBytes))
  }

  /// The image in the file that `path` leads to from `folder` and that lies in there, as ``FileBytes`` reads it.
  package static func read(_ path: String, below folder: String) throws(ImageError) -> RGBImage {
    try decode(FileBytes.read(path, below: folder, limit: ImageLimits.fileBytes))
  }
}
