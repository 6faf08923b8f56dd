import Basics

/// The real file system, in which a file is removed as soon as somebody asks for it.
struct VanishingFileSystem: FileSystem {
  let path: String
  private let real = LocalFileSystem()

  init(path: String) { self.path = path }

  func status(of path: String) throws(FileError) -> FileStatus? {
    if path == self.path { try? real.remove(path) }
    return try real.status(of: path)
  }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile { try real.open(path, mode) }
  func createDirectory(_ path: String) throws(FileError) { try real.createDirectory(path) }
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int { try real.write(bytes, to: file) }
  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int {
    try real.read(into: buffer, from: file, at: offset)
  }
  func synchronize(_ file: OpenFile) throws(FileError) { try real.synchronize(file) }
  func synchronizeDirectory(_ path: String) throws(FileError) { try real.synchronizeDirectory(path) }
  func truncate(_ file: OpenFile, to size: Int) throws(FileError) { try real.truncate(file, to: size) }
  func close(_ file: OpenFile) throws(FileError) { try real.close(file) }
  func rename(_ source: String, to target: String) throws(FileError) { try real.rename(source, to: target) }
  func remove(_ path: String) throws(FileError) { try real.remove(path) }
  func list(_ path: String) throws(FileError) -> [String] { try real.list(path) }
  func status(of file: OpenFile) throws(FileError) -> FileStatus { try real.status(of: file) }
  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool { try real.lock(file, shared: shared) }
}
