/// Why a file or some bytes do not give an image. The description is the reason as users read it.
package enum PNGError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are something else; an empty file too.
  case notPNG
  /// The bytes are an image of another format.
  case other(ImageFormat)
  case empty
  /// The file ends before its image does.
  case truncated
  /// A side is longer than ``PNG/maximumSide``.
  case tooLarge
  /// Its decoded rows would take more than ``PNG/maximumDecodedBytes``.
  case tooManyBytes
  /// The file is longer than ``PNG/maximumBytes``.
  case fileTooLarge
  /// A directory, FIFO or device.
  case notRegularFile
  /// The system's reason for not opening or reading the file.
  case unreadable(String)
  case outOfMemory
  /// libpng's words.
  case damaged(String)

  package var description: String {
    switch self {
    case .notPNG: "not a PNG"
    case .other(let format): "\(format), not a PNG"
    case .empty: "empty"
    case .truncated: "truncated"
    case .tooLarge: "larger than \(PNG.maximumSide) pixels"
    case .tooManyBytes: "larger than \(PNG.maximumDecodedBytes >> 20) MiB when decoded"
    case .fileTooLarge: "larger than \(PNG.maximumBytes >> 20) MiB"
    case .notRegularFile: "not a regular file"
    case .unreadable(let reason): "not readable: \(reason)"
    case .outOfMemory: "not enough memory"
    case .damaged(let reason): "damaged: \(reason)"
    }
  }
}
