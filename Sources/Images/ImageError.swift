/// Why a file or some bytes do not give an image. The description is the reason as users read it.
package enum ImageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are no image.
  case unknown
  /// The bytes are an image of a format that is not read.
  case foreign(ForeignFormat)
  case empty
  /// The file ends before its image does.
  case truncated
  /// A side is longer than ``ImageLimits/side``.
  case tooLarge
  /// Its decoded rows would take more than ``ImageLimits/decodedBytes``.
  case tooManyBytes
  /// The file is longer than ``ImageLimits/fileBytes``.
  case fileTooLarge
  /// A directory, FIFO or device.
  case notRegularFile
  /// The system's reason for not opening or reading the file.
  case unreadable(String)
  case outOfMemory
  /// The words of the library that decodes the format.
  case damaged(String)

  package var description: String {
    switch self {
    case .unknown: "not \(ImageFormatCatalog.anyImage)"
    case .foreign(let format): "\(format), not \(ImageFormatCatalog.anyImage)"
    case .empty: "empty"
    case .truncated: "truncated"
    case .tooLarge: "larger than \(ImageLimits.side) pixels"
    case .tooManyBytes: "larger than \(ImageLimits.decodedBytes >> 20) MiB when decoded"
    case .fileTooLarge: "larger than \(ImageLimits.fileBytes >> 20) MiB"
    case .notRegularFile: "not a regular file"
    case .unreadable(let reason): "not readable: \(reason)"
    case .outOfMemory: "not enough memory"
    case .damaged(let reason): "damaged: \(reason)"
    }
  }
}
