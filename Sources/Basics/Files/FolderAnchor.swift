import Foundation
import Synchronization

/// A folder that stays open, so that what is done below its path is done in this folder and in no other, whatever becomes of the
/// path.
final class FolderAnchor: Sendable {
  /// The folder's path as it was named, without `/` at its end.
  let path: String
  let descriptor: Int32
  private let identity: FileIdentity
  private let lock = Mutex<OpenFile?>(nil)

  /// Opens `folder`. Links on the way to it are followed, since the user named it.
  convenience init(_ folder: String) throws(FileError) {
    let path = Self.trimmed(folder)
    let descriptor = Foundation.open(path.systemBytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path, errno: errno) }
    try self.init(path, descriptor)
  }

  private static func trimmed(_ folder: String) -> String {
    var path = folder
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path
  }

  /// The folder that is open as `descriptor`, which this takes over.
  init(_ folder: String, _ descriptor: Int32) throws(FileError) {
    let path = Self.trimmed(folder)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileError(.examine, path, errno: code)
    }
    self.path = path
    self.descriptor = descriptor
    identity = FileIdentity(status)
  }

  deinit { close(descriptor) }

  /// The components of `path` below this folder; none for the folder itself, nil for a path elsewhere.
  func steps(to path: String) -> [Substring]? {
    guard Self.begins(path, with: self.path) else { return nil }
    let rest = path.utf8.dropFirst(self.path.utf8.count)
    guard rest.isEmpty || rest.first == UInt8(ascii: "/") || self.path == "/" else { return nil }
    return rest.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }.map { Substring($0) }
  }

  /// Whether the bytes of `path` begin with those of `folder`.
  private static func begins(_ path: String, with folder: String) -> Bool {
    let isPrefix = path.utf8.withContiguousStorageIfAvailable { path in
      folder.utf8.withContiguousStorageIfAvailable { folder in
        path.count >= folder.count && (folder.isEmpty || memcmp(path.baseAddress!, folder.baseAddress!, folder.count) == 0)
      }
    }
    return (isPrefix ?? nil) ?? path.utf8.starts(with: folder.utf8)
  }

  /// Lets writes depend on `lock` being the file at its path.
  func guardWrites(by lock: OpenFile?) { self.lock.withLock { $0 = lock } }

  /// Throws `ESTALE` when this folder is no longer the one at its path, or its lock is gone.
  func requireOwn() throws(FileError) {
    var status = stat()
    guard fstatat(AT_FDCWD, path.systemBytes, &status, 0) == 0, FileIdentity(status) == identity else {
      throw FileError(.write, path, errno: ESTALE)
    }
    guard let lock = lock.withLock({ $0 }) else { return }
    var held = stat()
    guard fstat(lock.descriptor, &held) == 0,
      fstatat(descriptor, Path.name(of: lock.path).systemBytes, &status, AT_SYMLINK_NOFOLLOW) == 0,
      FileIdentity(status) == FileIdentity(held)
    else { throw FileError(.lock, lock.path, errno: ESTALE) }
  }
}

extension FileIdentity {
  init(_ status: stat) { self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)) }
}
