import Foundation
import Synchronization

/// The computer's own file system.
///
/// ```swift
/// let files = try LocalFileSystem().confined(to: "runs/faces/v001")
/// try AtomicFile.write("...", to: "runs/faces/v001/spec.yaml", in: files)  // never through a link, never into another folder
/// ```
package struct LocalFileSystem: FileSystem {
  /// The folders that it is confined to. The longest path that fits is meant.
  private let anchors: [FolderAnchor]

  /// Whether some folder could not be synchronized: 0 no, 1 yes, 2 yes and it was reported.
  private static let unsynchronized = Atomic<Int>(0)

  /// The one there is.
  package init() { anchors = [] }

  private init(_ anchors: [FolderAnchor]) { self.anchors = anchors }

  package func confined(to folder: String) throws(FileError) -> any FileSystem {
    // What lies below a folder that it is confined to was found, not named: no link leads there.
    if let known = anchor(of: folder) {
      if known.steps.isEmpty { return self }
      let descriptor = try call(.open, folder) { openat($0, $1, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) }
      return adding(try FolderAnchor(folder, descriptor))
    }
    return adding(try FolderAnchor(folder))
  }

  private func adding(_ anchor: FolderAnchor) -> LocalFileSystem {
    let anchors = anchors + [anchor]
    return LocalFileSystem(anchors.sorted { $0.path.utf8.count > $1.path.utf8.count })
  }

  package func guardWrites(in folder: String, by lock: OpenFile?) { anchor(of: folder)?.anchor.guardWrites(by: lock) }

  package func takeNotices() -> [String] {
    guard Self.unsynchronized.compareExchange(expected: 1, desired: 2, ordering: .relaxed).exchanged else { return [] }
    return ["this file system cannot make the names in a folder durable: after a loss of power the newest files may be missing"]
  }

  package func createDirectory(_ path: String) throws(FileError) {
    try requireOwn(path)
    try call(.createDirectory, path) { mkdirat($0, $1, 0o777) }
  }

  package func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile {
    // O_NONBLOCK, or opening a pipe that somebody named `x.csv` would wait for its other end. O_NOFOLLOW, or a link in a
    // run directory could make us write somewhere else.
    let flags =
      switch mode {
      case .read: O_RDONLY | O_NONBLOCK | (anchor(of: path) == nil ? 0 : O_NOFOLLOW)
      case .createNew: O_WRONLY | O_CREAT | O_EXCL
      case .append, .lock: O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOFOLLOW
      }
    if case .read = mode {} else { try requireOwn(path) }
    let operation: FileError.Operation = if case .createNew = mode { .create } else { .open }
    let permissions: mode_t = if case .lock = mode { Self.ownersOnly } else { 0o666 }
    let descriptor = try call(operation, path) { openat($0, $1, flags | O_CLOEXEC, permissions) }
    let file = OpenFile(descriptor: descriptor, path: path)
    do throws(FileError) {
      try check(file, mode)
    } catch {
      _ = Foundation.close(descriptor)
      throw error
    }
    return file
  }

  /// Read and write for the owner alone.
  private static let ownersOnly: mode_t = 0o600

  /// Throws when an open file is not one to be written at its end, and makes one to be locked its owner's alone.
  private func check(_ file: OpenFile, _ mode: FileMode) throws(FileError) {
    switch mode {
    case .createNew: return
    // What the user has named may be a device.
    case .read where anchor(of: file.path) == nil, .append where anchor(of: file.path) == nil: return
    case .read, .append, .lock: break
    }
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else { throw FileError(.examine, file.path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(.open, file.path, errno: EINVAL) }
    if case .read = mode { return }
    guard status.st_nlink <= 1 else { throw FileError(.open, file.path, errno: EMLINK) }
    guard case .lock = mode, status.st_uid == geteuid(), status.st_mode & 0o777 != Self.ownersOnly else { return }
    // Some shared disks know no permissions; a lock there is as good as before.
    _ = fchmod(file.descriptor, Self.ownersOnly)
  }

  package func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int {
    try requireOwn(file.path)
    let count = Foundation.write(file.descriptor, bytes.baseAddress, bytes.count)
    guard count >= 0 else { throw FileError(.write, file.path, errno: errno) }
    return count
  }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int
  ) throws(FileError) -> Int {
    let count = pread(file.descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    guard count >= 0 else { throw FileError(.read, file.path, errno: errno) }
    return count
  }

  package func synchronize(_ file: OpenFile) throws(FileError) {
    try retrying(.synchronize, file.path) { fsync(file.descriptor) }
  }

  package func synchronizeDirectory(_ path: String) throws(FileError) {
    let descriptor = try call(.open, path) { openat($0, $1, O_RDONLY | O_DIRECTORY | O_CLOEXEC | nofollow(path)) }
    defer { _ = Foundation.close(descriptor) }
    do throws(FileError) {
      try retrying(.synchronize, path) { fsync(descriptor) }
    } catch {
      // VirtualBox's and CIFS' shares and many in user space have no fsync of folders. Their files are as durable as they get.
      guard error.errno == EINVAL || error.errno == EOPNOTSUPP || error.errno == ENOSYS else { throw error }
      _ = Self.unsynchronized.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
    }
  }

  package func truncate(_ file: OpenFile, to size: Int) throws(FileError) {
    try requireOwn(file.path)
    try retrying(.truncate, file.path) { ftruncate(file.descriptor, off_t(size)) }
  }

  package func close(_ file: OpenFile) throws(FileError) {
    // Linux has released the descriptor even when it reports EINTR.
    guard Foundation.close(file.descriptor) == 0 || errno == EINTR else {
      throw FileError(.close, file.path, errno: errno)
    }
  }

  package func rename(_ source: String, to target: String) throws(FileError) {
    try requireOwn(target)
    var failure: FileError?
    try call(.rename, target) { (folder, name) in
      do throws(FileError) {
        return try call(.rename, source) { renameat($0, $1, folder, name) }
      } catch {
        failure = FileError(.rename, target, errno: error.errno)
        return 0
      }
    }
    if let failure { throw failure }
  }

  package func remove(_ path: String) throws(FileError) {
    try requireOwn(path)
    try call(.remove, path) { unlinkat($0, $1, 0) }
  }

  package func removeDirectory(_ path: String) throws(FileError) {
    try requireOwn(path)
    if let (anchor, steps) = anchor(of: path), steps.isEmpty {
      // The folder itself is an entry of the one around it.
      try retrying(.remove, path) { rmdir(anchor.path.systemBytes) }
      return
    }
    try call(.remove, path) { unlinkat($0, $1, AT_REMOVEDIR) }
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    try entries(of: path).map(\.name)
  }

  package func entries(of path: String) throws(FileError) -> [FolderEntry] {
    let descriptor = try call(.list, path) { openat($0, $1, O_RDONLY | O_DIRECTORY | O_CLOEXEC | nofollow(path)) }
    guard let directory = fdopendir(descriptor) else {
      let code = errno
      _ = Foundation.close(descriptor)
      throw FileError(.list, path, errno: code)
    }
    return try FolderEntry.all(of: directory, path)
  }

  package func status(of path: String) throws(FileError) -> FileStatus? {
    var status = stat()
    do throws(FileError) {
      try call(.examine, path) { fstatat($0, $1, &status, anchor(of: path) == nil ? 0 : AT_SYMLINK_NOFOLLOW) }
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
    return FileStatus(status)
  }

  package func status(of file: OpenFile) throws(FileError) -> FileStatus {
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else { throw FileError(.examine, file.path, errno: errno) }
    return FileStatus(status)
  }

  package func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool {
    while flock(file.descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw FileError(.lock, file.path, errno: errno) }
    }
    return true
  }
}

/// Reaching a path from the folder that the file system is confined to.
extension LocalFileSystem {
  /// The folder that `path` lies in, of those that this file system is confined to, and the way from there.
  private func anchor(of path: String) -> (anchor: FolderAnchor, steps: [Substring])? {
    for anchor in anchors {
      if let steps = anchor.steps(to: path) { return (anchor, steps) }
    }
    return nil
  }

  private func nofollow(_ path: String) -> Int32 { anchor(of: path) == nil ? 0 : O_NOFOLLOW }

  /// Throws when what is about to be written would not get into the folder that was opened.
  private func requireOwn(_ path: String) throws(FileError) { try anchor(of: path)?.anchor.requireOwn() }

  /// Calls `body` with an open folder and a path from there, again after an interruption. Throws when it returns less than 0.
  @discardableResult
  private func call(
    _ operation: FileError.Operation, _ path: String, _ body: (Int32, [CChar]) -> Int32
  ) throws(FileError) -> Int32 {
    guard let (anchor, steps) = anchor(of: path) else { return try retrying(operation, path) { body(AT_FDCWD, path.systemBytes) } }
    // Our own paths have no `..`; one that has would lead out of the folder.
    guard !steps.contains("..") else { throw FileError(operation, path, errno: ELOOP) }
    var folder = anchor.descriptor
    defer { if folder != anchor.descriptor { _ = Foundation.close(folder) } }
    for step in steps.dropLast() {
      let next = openat(folder, String(step).systemBytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      guard next >= 0 else {
        let code = errno
        throw FileError(operation, path, errno: code == ENOTDIR && isLink(folder, String(step)) ? ELOOP : code)
      }
      if folder != anchor.descriptor { _ = Foundation.close(folder) }
      folder = next
    }
    let name = steps.last.map(String.init) ?? "."
    do throws(FileError) {
      return try retrying(operation, path) { body(folder, name.systemBytes) }
    } catch  where error.errno == ENOTDIR && isLink(folder, name) {
      throw FileError(operation, path, errno: ELOOP)
    }
  }

  private func isLink(_ folder: Int32, _ name: String) -> Bool {
    var status = stat()
    return fstatat(folder, name.systemBytes, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  @discardableResult
  private func retrying(
    _ operation: FileError.Operation, _ path: String, _ call: () -> Int32
  ) throws(FileError) -> Int32 {
    while true {
      let result = call()
      if result >= 0 { return result }
      guard errno == EINTR else { throw FileError(operation, path, errno: errno) }
    }
  }
}
