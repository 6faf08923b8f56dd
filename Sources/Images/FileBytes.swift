import Basics
import Foundation

/// Reading a whole regular file, and nothing else, with a limit.
package enum FileBytes {
  /// The bytes of the regular file at `path`, at most `limit`. Links are followed; a FIFO or device is refused, never
  /// opened for long and never waited for.
  package static func read(_ path: String, limit: Int) throws(ImageError) -> [UInt8] {
    var status = stat()
    guard stat(path.systemBytes, &status) == 0 else { throw .unreadable(reason()) }
    guard isRegular(status) else { throw .notRegularFile }
    let descriptor = open(path.systemBytes, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(reason()) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(reason()) }
    guard isRegular(status) else { throw .notRegularFile }
    guard status.st_size <= limit else { throw .fileTooLarge }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(reason()) }
      if count == 0 { break }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// The bytes of the regular file that `path` leads to from `folder`, whose own path is free of links; at most `limit`. Links are
  /// followed as a search of the folder does, to files inside; whatever is exchanged meanwhile, nothing outside is opened.
  package static func read(_ path: String, below folder: String, limit: Int) throws(ImageError) -> [UInt8] {
    guard let text = realpath(Path.join(folder, path).systemBytes, nil) else { throw .unreadable(reason()) }
    defer { free(text) }
    let target = SystemText.decode(text)
    guard target.utf8.starts(with: Path.join(folder, "").utf8) else { throw .unreadable("a link out of the folder") }
    do throws(FileError) {
      return try LocalFileSystem().confined(to: folder).contents(of: target, limit: limit)
    } catch {
      switch error.errno {
      case EFBIG: throw .fileTooLarge
      case EINVAL: throw .notRegularFile
      default: throw .unreadable(error.reason)
      }
    }
  }

  /// Up to `count` bytes that the regular file at `path` begins with; nil when it cannot be read or is a link.
  package static func beginning(of path: String, count: Int) -> [UInt8]? {
    let descriptor = open(path.systemBytes, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, isRegular(status) else { return nil }
    return [UInt8](unsafeUninitializedCapacity: min(count, Int(status.st_size))) { buffer, initialized in
      initialized = max(0, Foundation.read(descriptor, buffer.baseAddress, buffer.count))
    }
  }

  private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
