import Basics
import Foundation

/// The lock of a folder that a command puts several files into, so that those of two commands are not mixed: `flock` of the folder
/// itself, which leaves no file. Where a file system has no such locks there is none.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of `folder`, which is there; nil when another process has it.
  package convenience init?(trying folder: String) throws(FileError) { try self.init(folder, LOCK_EX | LOCK_NB) }

  /// Takes the lock of `folder`, which is there, and waits for it; `tell` is called before that.
  package static func waiting(for folder: String, tell: () -> Void) throws(FileError) -> FolderLock? {
    if let lock = try FolderLock(trying: folder) { return lock }
    tell()
    while true {
      guard let lock = try FolderLock(folder, LOCK_EX) else { return nil }
      // While it waited, the folder may have been moved away and made anew.
      if lock.isAt(folder) { return lock }
    }
  }

  private func isAt(_ folder: String) -> Bool {
    var (own, there) = (stat(), stat())
    guard fstat(descriptor, &own) == 0, stat(folder.systemBytes, &there) == 0 else { return true }
    return (own.st_dev, own.st_ino) == (there.st_dev, there.st_ino)
  }

  private init?(_ folder: String, _ operation: Int32) throws(FileError) {
    descriptor = open(folder.systemBytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, folder, errno: errno) }
    while flock(descriptor, operation) != 0 {
      if errno == EWOULDBLOCK { return nil }
      guard errno == EINTR else { return }
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
