import Foundation

/// Reading a whole regular file, and nothing else, with a limit.
package enum FileBytes {
  /// The bytes of the regular file at `path`, at most `limit`. Links are followed; a FIFO or device is refused, never
  /// opened for long and never waited for.
  package static func read(_ path: String, limit: Int) throws(PNGError) -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(reason()) }
    guard isRegular(status) else { throw .notRegularFile }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
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

  private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
