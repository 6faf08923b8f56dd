import Basics
import Foundation

/// The right to write a run directory: `flock` on its `.lock`. The kernel takes it back when the process ends, however it
/// ends, so a lock is never stale; the process number and host inside serve the message only.
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

  /// Times that taking is tried, since somebody who asks for a run's status holds the lock for a moment.
  private static let attempts = 10
  private static let pauseMicroseconds: UInt32 = 10_000
  /// Bytes of the holder's words that a message repeats.
  private static let longestHolder = 200

  private let file: OpenFile
  private let files: any FileSystem

  /// Takes the lock of `run`. Throws ``Busy`` within a fraction of a second when another holds it.
  package init(_ run: RunDirectory, _ files: any FileSystem) throws {
    let file = try files.open(run.lock, .append)
    var isHeld = false
    do {
      for attempt in 1...Self.attempts {
        isHeld = try files.lock(file, shared: false)
        if isHeld { break }
        if attempt < Self.attempts { usleep(Self.pauseMicroseconds) }
      }
      guard isHeld else { throw Busy(path: run.path, holder: Self.holder(run, files)) }
      try files.truncate(file, to: 0)
      try files.writeAll(Array("process \(getpid()) on \(Machine.name)\n".utf8), to: file)
    } catch {
      try? files.close(file)
      throw error
    }
    (self.file, self.files) = (file, files)
  }

  deinit { try? files.close(file) }

  /// Whether a process holds the lock of `run` now.
  package static func isHeld(_ run: RunDirectory, _ files: any FileSystem) throws(FileError) -> Bool {
    guard try files.status(of: run.lock)?.kind == .file else { return false }
    return try !files.reading(run.lock) { (file, _) throws(FileError) in try files.lock(file, shared: true) }
  }

  private static func holder(_ run: RunDirectory, _ files: any FileSystem) -> String {
    let bytes = (try? files.contents(of: run.lock, limit: longestHolder)) ?? []
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
