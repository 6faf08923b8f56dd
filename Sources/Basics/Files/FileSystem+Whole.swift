import Foundation

/// What is said once in terms of the protocol's calls.
extension FileSystem {
  /// Writes all of `bytes`, continuing after short and interrupted writes.
  package func writeAll(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) {
    var done = 0
    while done < bytes.count {
      do throws(FileError) {
        let count = try write(UnsafeRawBufferPointer(rebasing: bytes[done...]), to: file)
        guard count > 0 else { throw FileError(.write, file.path, errno: EIO) }
        done += count
      } catch  where error.errno == EINTR {
        continue
      }
    }
  }

  /// Writes all of `bytes`.
  package func writeAll(_ bytes: [UInt8], to file: OpenFile) throws(FileError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result<Void, FileError> { () throws(FileError) in try writeAll(buffer, to: file) }
    }
    try result.get()
  }

  /// Fills `buffer` from `offset` on and returns how many bytes there were: fewer only at the end of the file.
  package func readFully(
    into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      do throws(FileError) {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let count = try read(into: rest, from: file, at: offset + done)
        if count == 0 { break }
        done += count
      } catch  where error.errno == EINTR {
        continue
      }
    }
    return done
  }

  /// Up to `count` bytes of an open file from `offset` on.
  package func read(_ count: Int, from file: OpenFile, at offset: Int) throws(FileError) -> [UInt8] {
    var outcome = Result<Int, FileError>.success(0)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      outcome = Result { () throws(FileError) in
        try readFully(into: UnsafeMutableRawBufferPointer(buffer), from: file, at: offset)
      }
      initialized = (try? outcome.get()) ?? 0
    }
    _ = try outcome.get()
    return bytes
  }

  /// The status of the file at `path`, or nil if there is none. Throws if it is not a regular file: `ELOOP` for a link
  /// that is not followed, else `EINVAL`.
  package func fileStatus(of path: String) throws(FileError) -> FileStatus? {
    guard let status = try status(of: path) else { return nil }
    guard status.kind == .file else { throw FileError(.open, path, errno: status.kind == .link ? ELOOP : EINVAL) }
    return status
  }

  /// Opens `path` to read, gives it to `body` together with its size in bytes, and closes it.
  package func reading<Value>(
    _ path: String, _ body: (OpenFile, Int) throws(FileError) -> Value
  ) throws(FileError) -> Value {
    guard let status = try fileStatus(of: path) else { throw FileError(.open, path, errno: ENOENT) }
    let file = try open(path, .read)
    let value: Value
    do throws(FileError) {
      value = try body(file, status.size)
    } catch {
      try? close(file)
      throw error
    }
    // Once, whatever it says: the descriptor is gone even on an error, and may be somebody else's by now.
    try close(file)
    return value
  }

  /// The whole content of a regular file of at most `limit` bytes; a larger one fails with `EFBIG` before it is read.
  package func contents(of path: String, limit: Int) throws(FileError) -> [UInt8] {
    try reading(path) { (file, size) throws(FileError) in
      guard size <= limit else { throw FileError(.read, path, errno: EFBIG) }
      return try read(size, from: file, at: 0)
    }
  }

  /// The last `count` bytes of a file, or all of it when it is shorter, and whether that was all.
  package func tail(of path: String, count: Int) throws(FileError) -> (bytes: [UInt8], isWhole: Bool) {
    try reading(path) { (file, size) throws(FileError) in
      let start = max(0, size - count)
      return (try read(size - start, from: file, at: start), start == 0)
    }
  }

  /// Makes a directory and those above it; one that is there already is fine.
  package func createDirectories(_ path: String) throws(FileError) {
    if let status = try status(of: path) {
      guard status.kind == .directory else {
        throw FileError(.createDirectory, path, errno: status.kind == .link ? ELOOP : ENOTDIR)
      }
      return
    }
    let parent = Path.parent(of: path)
    if parent != path { try createDirectories(parent) }
    do throws(FileError) {
      try createDirectory(path)
    } catch  where error.errno == EEXIST {
      return
    }
  }
}
