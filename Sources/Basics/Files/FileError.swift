import Foundation

/// A call to the file system that failed: what was tried, where, and the system's reason.
package struct FileError: Error, Equatable, Sendable {
  package enum Operation: String, CaseIterable, Sendable {
    case open, create, read, write, synchronize, truncate, close, rename, remove, list, lock
    case createDirectory = "create directory"
    case examine
  }

  package let operation: Operation
  package let path: String
  /// The system's error number, as in `ENOSPC`.
  package let errno: Int32

  /// The failure of `operation` on `path` for the reason `errno`.
  package init(_ operation: Operation, _ path: String, errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }
}

extension FileError {
  /// One sentence: `cannot write 'runs/a/v001/metrics.csv': No space left on device`.
  package var description: String {
    "cannot \(operation.rawValue) '\(path)': \(reason)"
  }

  /// The system's words for the error number.
  package var reason: String {
    switch errno {
    case EFBIG: "the file is larger than allowed here"
    case EINVAL where operation == .open: "not a regular file"
    case ELOOP: "a symbolic link that is not followed"
    case EMLINK where operation == .open: "it has other names (hard links), under which it would change as well"
    case ESTALE where operation == .lock: "it was removed or replaced while this process held it"
    case ESTALE: "the folder was removed, moved or replaced while this process used it"
    default: String(cString: strerror(errno))
    }
  }

  /// Whether the file system has no locks, as some shared disks have none.
  package var meansNoLocks: Bool { operation == .lock && [ENOSYS, EOPNOTSUPP, ENOLCK].contains(errno) }

  /// Whether the thing simply is not there.
  package var isNotFound: Bool { errno == ENOENT || errno == ENOTDIR }
}
