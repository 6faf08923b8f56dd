/// An open file: a descriptor and the path it was opened by, which messages name.
package struct OpenFile: Hashable, Sendable {
  package let descriptor: Int32
  package let path: String

  /// The file open as `descriptor`.
  package init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }
}

/// What stands at a path.
package struct FileStatus: Equatable, Sendable {
  /// The kinds that matter here.
  package enum Kind: Sendable { case file, directory, other }

  package let kind: Kind
  /// Size in bytes.
  package let size: Int

  /// A thing of this kind and size.
  package init(kind: Kind, size: Int) {
    self.kind = kind
    self.size = size
  }
}

/// How a file is opened.
package enum FileMode: Sendable {
  /// To read; must be there and be a regular file.
  case read
  /// To write from its beginning; must not be there yet.
  case createNew
  /// To write at its end; is created when it is not there. A link is refused with `ELOOP`.
  case append
}

/// The calls under all reading and writing of run directories, small enough that a test can put faults into each.
///
/// ``LocalFileSystem`` is the real one. A write may be short, as the system's may; `writeAll` goes on.
package protocol FileSystem: Sendable {
  /// Makes one directory; fails with `EEXIST` when anything stands there. This is how a run version is taken.
  func createDirectory(_ path: String) throws(FileError)
  /// Opens a file. The caller closes it.
  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile
  /// Writes some of `bytes` at the file's position and returns how many.
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int
  /// Fills some of `buffer` from `offset` on and returns how many bytes; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int
  /// Waits until the file's content is durable.
  func synchronize(_ file: OpenFile) throws(FileError)
  /// Waits until the names in a directory are durable.
  func synchronizeDirectory(_ path: String) throws(FileError)
  /// Cuts an open file to `size` bytes.
  func truncate(_ file: OpenFile, to size: Int) throws(FileError)
  /// Closes the file.
  func close(_ file: OpenFile) throws(FileError)
  /// Puts `source` in the place of `target` in one step.
  func rename(_ source: String, to target: String) throws(FileError)
  /// Removes one file.
  func remove(_ path: String) throws(FileError)
  /// The names in a directory, sorted by their bytes.
  func list(_ path: String) throws(FileError) -> [String]
  /// What stands at `path` (links followed), or nil when nothing does.
  func status(of path: String) throws(FileError) -> FileStatus?
  /// Tries to take the lock of an open file without waiting; false when another holds it. Closing lets go of it.
  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool
}
