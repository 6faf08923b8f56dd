import Basics
import Foundation

/// What is under a name itself; links are not followed.
enum OutputContent {
  case nothing, file, link, folder, other

  /// What is at `path`. Throws when it cannot be looked at.
  init(at path: String) throws(FileError) {
    var status = stat()
    guard lstat(path.systemBytes, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw FileError(.examine, path, errno: errno) }
      self = .nothing
      return
    }
    self =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFLNK: .link
      case S_IFDIR: .folder
      default: .other
      }
  }
}
