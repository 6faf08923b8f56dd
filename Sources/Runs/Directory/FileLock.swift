import Basics
import Foundation

/// The lock of a file: `flock`, which the kernel takes back when the process ends, however it ends, so it is never stale. The
/// process number and host that the file says serve messages only.
///
/// Only the owner can open the file: a user who may only read a folder cannot hold a lock in it.
package final class FileLock: Sendable {
  /// Another process kept the lock for too long.
  package struct Busy: UserFacingError {
    package let path: String
    package let holder: String
    package var exitCode: ExitCode { .busy }
    package var description: String {
      "'\(path.printable)' has been locked by another process for too long" + (holder.isEmpty ? "" : " (\(holder.printable))")
    }
  }

  private static let pauseMicroseconds: UInt32 = 10_000
  /// Bytes of what the holder says about itself that are read.
  private static let longestHolder = 200

  /// The open file that is locked.
  package let file: OpenFile
  private let files: any FileSystem

  /// Takes the lock of the file at `path`, or returns nil when another process has it. The file then says who does.
  /// - Parameter attempts: Times that taking is tried, since a process that asks whether a lock is held has it for a moment.
  package init?(trying path: String, attempts: Int = 3, _ files: any FileSystem) throws {
    var attempt = 1
    while true {
      let file = try files.open(path, .lock)
      do {
        // Between opening and locking somebody may have removed the file: then it is the lock of nothing.
        if try files.lock(file, shared: false), try Self.isInPlace(file, files) {
          try files.truncate(file, to: 0)
          try files.writeAll(Array("process \(getpid()) on \(Machine.name)\n".utf8), to: file)
          self.file = file
          self.files = files
          return
        }
      } catch {
        try? files.close(file)
        throw error
      }
      try files.close(file)
      guard attempt < attempts else { return nil }
      attempt += 1
      usleep(Self.pauseMicroseconds)
    }
  }

  deinit { try? files.close(file) }

  /// Takes the lock of the file at `path`, waiting for it. Throws ``Busy`` when that takes longer than `seconds`.
  package static func waiting(
    for path: String, seconds: Double, by clock: MonotonicClock = .system, _ files: any FileSystem
  ) throws -> FileLock {
    let deadline = Deadline(in: seconds, by: clock)
    while true {
      if let lock = try FileLock(trying: path, files) { return lock }
      guard !deadline.isOver else { throw Busy(path: path, holder: words(in: path, files)) }
      usleep(pauseMicroseconds)
    }
  }

  /// Whether the file at the path of `file` is still that one.
  private static func isInPlace(_ file: OpenFile, _ files: any FileSystem) throws(FileError) -> Bool {
    try files.status(of: file.path)?.identity == files.status(of: file).identity
  }

  /// The holder of the lock of the file at `path`: as the kernel has it, else what the last holder said about itself, possibly nothing.
  package static func words(in path: String, _ files: any FileSystem) -> String {
    if let process = kernelHolder(of: path, files) {
      return ["process \(process) on \(Machine.name)", Machine.command(of: process).map { "'\($0)'" }].compactMap { $0 }
        .joined(separator: ", ")
    }
    let bytes = (try? files.contents(of: path, limit: longestHolder)) ?? []
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The number of the process on this machine that has the lock of the file at `path`; nil when none has.
  package static func holder(of path: String, _ files: any FileSystem) throws -> Int32? {
    guard try isHeld(path, files) else { return nil }
    if let process = kernelHolder(of: path, files) { return process }
    let words = words(in: path, files).split(separator: " ")
    guard words.count >= 2, words.last.map(String.init) == Machine.name else { return nil }
    return Int32(words[1])
  }

  /// Whether a process has the lock of the file at `path`.
  package static func isHeld(_ path: String, _ files: any FileSystem) throws(FileError) -> Bool {
    guard try files.status(of: path)?.kind == .file else { return false }
    do throws(FileError) {
      return try !files.reading(path) { (file, _) throws(FileError) in try files.lock(file, shared: true) }
    } catch  where error.errno == EACCES {
      // The lock of another user.
      return kernelHolder(of: path, files) != nil
    }
  }

  /// The process that holds a lock of the file at `path`, as the kernel lists it: `1: FLOCK  ADVISORY  WRITE 708 00:2d:1234 0 EOF`.
  private static func kernelHolder(of path: String, _ files: any FileSystem) -> Int32? {
    guard let identity = (try? files.status(of: path))?.flatMap(\.identity),
      let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
    else { return nil }
    let (major, minor) = (identity.device >> 8 & 0xfff, identity.device & 0xff | identity.device >> 12 & 0xfff00)
    let place = String(format: "%02x:%02x:%llu", Int(major), Int(minor), identity.inode)
    for line in locks.split(separator: "\n") {
      let fields = line.split(separator: " ")
      // `->` marks one who waits.
      if fields.count >= 6, fields[1] == "FLOCK", fields[5] == place { return Int32(fields[4]).flatMap { $0 > 0 ? $0 : nil } }
    }
    return nil
  }
}
