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

/// Which file it is, whatever its names are: device and inode.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  /// The file with this inode on this device.
  package init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }
}

/// What is at a path.
package struct FileStatus: Equatable, Sendable {
  /// The kinds that matter here. A `link` is reported only where links are not followed.
  package enum Kind: Sendable { case file, directory, link, other }

  package let kind: Kind
  package let size: Int
  /// Nil where the file system has none, as in memory.
  package let identity: FileIdentity?

  /// A thing of this kind and size.
  package init(kind: Kind, size: Int, identity: FileIdentity? = nil) {
    self.kind = kind
    self.size = size
    self.identity = identity
  }
}

/// A name in a directory and what it stands for.
package struct FolderEntry: Equatable, Sendable {
  package let name: String
  package let kind: FileStatus.Kind

  /// The entry `name` of this kind.
  package init(_ name: String, _ kind: FileStatus.Kind) { (self.name, self.kind) = (name, kind) }
}

/// How a file is opened.
package enum FileMode: Sendable {
  /// To read; must be there and be a regular file.
  case read
  /// To write from its beginning; must not be there yet.
  case createNew
  /// To write at its end; is created when it is not there. A link is refused with `ELOOP`, a file with other names with `EMLINK`.
  case append
  /// To be locked, as `append`. Only its owner may open it; otherwise anyone who can read it could hold its lock.
  case lock
}

/// The calls under all reading and writing of run directories, small enough that a test can put faults into each.
///
/// ``LocalFileSystem`` is the real one. A write may be short, as the system's may; `writeAll` continues.
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
  /// Waits until the names in a directory are durable, where the file system can.
  func synchronizeDirectory(_ path: String) throws(FileError)
  /// Cuts an open file to `size` bytes.
  func truncate(_ file: OpenFile, to size: Int) throws(FileError)
  func close(_ file: OpenFile) throws(FileError)
  /// Puts `source` in the place of `target` in one step.
  func rename(_ source: String, to target: String) throws(FileError)
  func remove(_ path: String) throws(FileError)
  /// Removes one empty directory.
  func removeDirectory(_ path: String) throws(FileError)
  /// The names in a directory, sorted by their bytes.
  func list(_ path: String) throws(FileError) -> [String]
  /// What is at `path`, or nil if there is nothing. Links are followed, but not in a folder that the file system is confined to.
  func status(of path: String) throws(FileError) -> FileStatus?
  /// What an open file is, whatever stands at its path now.
  func status(of file: OpenFile) throws(FileError) -> FileStatus
  /// The names in a directory and what they stand for, links not followed; sorted by their bytes.
  func entries(of path: String) throws(FileError) -> [FolderEntry]
  /// Tries to take the lock of an open file without waiting; false when another holds it. Closing lets go of it.
  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool

  /// The same file system, which opens `folder` now and reaches everything below it from there: no link below it is followed, and
  /// nothing is written once another folder, or none, stands at its path. Such a write fails with `ESTALE`.
  func confined(to folder: String) throws(FileError) -> any FileSystem
  /// From now on everything that is written below the folder of `lock`, which this file system is confined to, fails with `ESTALE`
  /// once `lock` is no longer the file at its path. Nil ends that for the folder `folder`.
  func guardWrites(in folder: String, by lock: OpenFile?)
  /// What the file system cannot do here, a sentence each. Each is reported once.
  func takeNotices() -> [String]
}

/// What a file system without folders of its own, such as one of a test, leaves out.
extension FileSystem {
  package func removeDirectory(_ path: String) throws(FileError) {}
  package func status(of file: OpenFile) throws(FileError) -> FileStatus {
    guard let status = try status(of: file.path) else { throw FileError(.examine, file.path, errno: 2) }
    return status
  }
  package func confined(to folder: String) throws(FileError) -> any FileSystem { self }
  package func guardWrites(in folder: String, by lock: OpenFile?) {}
  package func takeNotices() -> [String] { [] }
}

/// For file systems of tests, which have no links.
extension FileSystem {
  package func entries(of path: String) throws(FileError) -> [FolderEntry] {
    var entries: [FolderEntry] = []
    for name in try list(path) {
      if let status = try status(of: Path.join(path, name)) { entries.append(FolderEntry(name, status.kind)) }
    }
    return entries
  }
}
