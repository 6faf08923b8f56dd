import Basics
import Foundation

/// The lock of a file: `flock`, which the kernel takes back when the process ends, however it ends, so it is never stale. The
/// process number and host that the file says serve messages only.
package final class FileLock: Sendable {
  /// Another process kept the lock for too long.
  package struct Busy: UserFacingError {
    package let path: String
    package var exitCode: ExitCode { .busy }
    package var description: String { "'\(path)' has been locked by another process for too long" }
  }

  private static let pauseMicroseconds: UInt32 = 10_000
  /// Bytes of what the holder says about itself that are read.
  private static let longestHolder = 200

  private let file: OpenFile
  private let files: any FileSystem

  /// Takes the lock of the file at `path`, or returns nil when another process has it. The file then says who does.
  /// - Parameter attempts: Times that taking is tried, since who asks whether a lock is held has it for a moment.
  package init?(trying path: String, attempts: Int = 3, _ files: any FileSystem) throws {
    let file = try files.open(path, .append)
    do {
      var attempt = 1
      while try !files.lock(file, shared: false) {
        guard attempt < attempts else {
          try files.close(file)
          return nil
        }
        attempt += 1
        usleep(Self.pauseMicroseconds)
      }
      try files.truncate(file, to: 0)
      try files.writeAll(Array("process \(getpid()) on \(Machine.name)\n".utf8), to: file)
    } catch {
      try? files.close(file)
      throw error
    }
    (self.file, self.files) = (file, files)
  }

  deinit { try? files.close(file) }

  /// Takes the lock of the file at `path`, waiting for it. Throws ``Busy`` when that takes longer than `seconds`.
  package static func waiting(for path: String, seconds: Double, _ files: any FileSystem) throws -> FileLock {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      if let lock = try FileLock(trying: path, files) { return lock }
      guard Date() < deadline else { throw Busy(path: path) }
      usleep(pauseMicroseconds)
    }
  }

  /// What the last holder of the file's lock said about itself, possibly nothing.
  package static func words(in path: String, _ files: any FileSystem) -> String {
    let bytes = (try? files.contents(of: path, limit: longestHolder)) ?? []
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The number of the process on this machine that has the lock of the file at `path`; nil when none has.
  package static func holder(of path: String, _ files: any FileSystem) throws -> Int32? {
    guard try isHeld(path, files) else { return nil }
    let words = words(in: path, files).split(separator: " ")
    guard words.count >= 2, words.last.map(String.init) == Machine.name else { return nil }
    return Int32(words[1])
  }

  /// Whether a process has the lock of the file at `path`.
  package static func isHeld(_ path: String, _ files: any FileSystem) throws(FileError) -> Bool {
    guard try files.status(of: path)?.kind == .file else { return false }
    return try !files.reading(path) { (file, _) throws(FileError) in try files.lock(file, shared: true) }
  }
}
