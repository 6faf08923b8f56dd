import Images
import Runs

/// One file of an image folder and what became of it.
package struct ImageFile: Equatable, Sendable {
  /// Why a file is left out. The description is the reason as users read it.
  package enum SkipReason: Hashable, Sendable, CustomStringConvertible {
    /// The first pattern of `data.exclude` that fits.
    case excluded(by: String)
    case image(ImageError)
    case linkOutside
    case linkedFolder
    case brokenLink
    case folder
    case nameNotUTF8
    /// It is a sheet about images that this command drew.
    case sheet(of: String)
    /// By `data.minimum_side`.
    case tooSmall(String)
    /// By `data.near_duplicates`: the same pixels as those of another image, or nearly so.
    case copy(of: String)
    case looksLike(String)
    /// By `data.limit`.
    case beyondLimit(Int)

    package var description: String {
      switch self {
      case .excluded(let pattern): "excluded by '\(pattern)'"
      case .image(let error): error.description
      case .linkOutside: "a link out of the folder"
      case .linkedFolder: "a link to a folder"
      case .brokenLink: "a broken link"
      case .folder: "a folder"
      case .nameNotUTF8: "its name is not UTF-8"
      case .sheet(let command): "a sheet that 'fadein \(command)' drew"
      case .tooSmall(let reason): reason
      case .copy(let path): "a copy of '\(path)'"
      case .looksLike(let path): "looks like '\(path)'"
      case .beyondLimit(let count): "not among the \(count) that were chosen"
      }
    }

    /// What files of such a reason are called when they are counted.
    package var kind: String {
      switch self {
      case .tooSmall: "smaller than data.minimum_side"
      case .copy, .looksLike: "copies and look-alikes of others"
      case .beyondLimit: "beyond data.limit"
      default: description
      }
    }

    /// Whether the file is an image that the spec's rules leave out.
    package var isChoice: Bool { kind != description }
  }

  /// The path below the image folder, its parts joined by `/`.
  package let path: String
  /// Bytes of the file, once it has been read.
  package var byteCount: Int?
  /// SHA-256 of the file, once it has been read.
  package var sha256: String?
  /// Columns of the upright image, once it has been decoded.
  package var width: Int?
  /// Rows of the upright image, once it has been decoded.
  package var height: Int?
  /// Whether the image is stored otherwise than upright, once it has been decoded.
  package var isTurned = false
  /// Why the file is left out; nil: it is used.
  package var skipReason: SkipReason?

  /// The file at `path`, used unless there is a reason.
  package init(path: String, skipReason: SkipReason? = nil) {
    self.path = path
    self.skipReason = skipReason
  }
}
