import Basics

/// The right to write a run directory: the ``FileLock`` of its `.lock`.
///
/// With a file system that is confined to the run, nothing is written there any more once the lock's file is gone or another one.
package final class RunLock: Sendable {
  /// Another process writes the run.
  package struct Busy: Error, Equatable {
    package let path: String
    /// What the holder wrote about itself, possibly nothing.
    package let holder: String

    package var description: String {
      "'\(path)' is in use by another process" + (holder.isEmpty ? "" : " (\(holder.printable))")
    }
  }

  private static let attempts = 10

  private let lock: FileLock
  private let path: String
  private let files: any FileSystem

  /// Takes the lock of `run`. Throws ``Busy`` within a fraction of a second when another holds it.
  package init(_ run: RunDirectory, _ files: any FileSystem) throws {
    guard let lock = try FileLock(trying: run.lock, attempts: Self.attempts, files) else {
      throw Busy(path: run.path, holder: FileLock.words(in: run.lock, files))
    }
    self.lock = lock
    path = run.path
    self.files = files
    files.guardWrites(in: run.path, by: lock.file)
  }

  deinit { files.guardWrites(in: path, by: nil) }

  /// Whether a process holds the lock of `run` now.
  package static func isHeld(_ run: RunDirectory, _ files: any FileSystem) throws(FileError) -> Bool {
    try FileLock.isHeld(run.lock, files)
  }
}
