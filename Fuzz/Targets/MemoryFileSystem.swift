import Basics
import Foundation

/// Files in memory, to be read only: a fuzzer has no time for a disk.
struct MemoryFileSystem: FileSystem {
  private let files: [String: [UInt8]]

  /// The files by path.
  init(_ files: [String: [UInt8]]) { self.files = files }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile {
    guard case .read = mode else { throw FileError(.open, path, errno: EROFS) }
    guard files[path] != nil else { throw FileError(.open, path, errno: ENOENT) }
    return OpenFile(descriptor: -1, path: path)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int {
    let rest = (files[file.path] ?? []).dropFirst(offset).prefix(buffer.count)
    buffer.copyBytes(from: rest)
    return rest.count
  }

  func close(_ file: OpenFile) throws(FileError) {}

  func status(of path: String) throws(FileError) -> FileStatus? {
    if let bytes = files[path] { return FileStatus(kind: .file, size: bytes.count) }
    return files.keys.contains { $0.hasPrefix(path + "/") } ? FileStatus(kind: .directory, size: 0) : nil
  }

  func list(_ path: String) throws(FileError) -> [String] {
    files.keys.filter { Path.parent(of: $0) == path }.map { Path.name(of: $0) }.sorted()
  }

  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool { true }
}

/// Writing.
extension MemoryFileSystem {
  func createDirectory(_ path: String) throws(FileError) { throw FileError(.createDirectory, path, errno: EROFS) }
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int {
    throw FileError(.write, file.path, errno: EROFS)
  }
  func synchronize(_ file: OpenFile) throws(FileError) { throw FileError(.synchronize, file.path, errno: EROFS) }
  func synchronizeDirectory(_ path: String) throws(FileError) { throw FileError(.synchronize, path, errno: EROFS) }
  func truncate(_ file: OpenFile, to size: Int) throws(FileError) { throw FileError(.truncate, file.path, errno: EROFS) }
  func rename(_ source: String, to target: String) throws(FileError) { throw FileError(.rename, target, errno: EROFS) }
  func remove(_ path: String) throws(FileError) { throw FileError(.remove, path, errno: EROFS) }
}
