import Foundation

/// The computer's own file system.
package struct LocalFileSystem: FileSystem {
  /// The one there is.
  package init() {}

  package func createDirectory(_ path: String) throws(FileError) {
    try check(mkdir(path, 0o777), .createDirectory, path)
  }

  package func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile {
    // O_NONBLOCK, or opening a pipe that somebody named `x.csv` would wait for its other end. O_NOFOLLOW, or a link in a
    // run directory could make us write somewhere else.
    let flags =
      switch mode {
      case .read: O_RDONLY | O_NONBLOCK
      case .createNew: O_WRONLY | O_CREAT | O_EXCL
      case .append: O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOFOLLOW
      }
    let operation: FileError.Operation = if case .createNew = mode { .create } else { .open }
    let descriptor = try retrying(operation, path) { Foundation.open(path, flags | O_CLOEXEC, 0o666) }
    return OpenFile(descriptor: descriptor, path: path)
  }

  package func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int {
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
    let descriptor = try retrying(.open, path) { Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { _ = Foundation.close(descriptor) }
    try retrying(.synchronize, path) { fsync(descriptor) }
  }

  package func truncate(_ file: OpenFile, to size: Int) throws(FileError) {
    try retrying(.truncate, file.path) { ftruncate(file.descriptor, off_t(size)) }
  }

  package func close(_ file: OpenFile) throws(FileError) {
    // Linux has released the descriptor even when it reports EINTR.
    guard Foundation.close(file.descriptor) == 0 || errno == EINTR else {
      throw FileError(.close, file.path, errno: errno)
    }
  }

  package func rename(_ source: String, to target: String) throws(FileError) {
    try check(Foundation.rename(source, target), .rename, target)
  }

  package func remove(_ path: String) throws(FileError) {
    try check(unlink(path), .remove, path)
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    guard let directory = opendir(path) else { throw FileError(.list, path, errno: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileError(.list, path, errno: errno) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package func status(of path: String) throws(FileError) -> FileStatus? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw FileError(.examine, path, errno: errno)
    }
    let kind: FileStatus.Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      default: .other
      }
    return FileStatus(kind: kind, size: Int(status.st_size))
  }

  package func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool {
    while flock(file.descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw FileError(.lock, file.path, errno: errno) }
    }
    return true
  }

  private func check(_ result: Int32, _ operation: FileError.Operation, _ path: String) throws(FileError) {
    guard result == 0 else { throw FileError(operation, path, errno: errno) }
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
