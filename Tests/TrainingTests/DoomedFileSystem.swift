import Basics
import Foundation
import Synchronization

/// The real file system, in which from one call on something is wrong. Nothing is waited for: what is synchronized is only counted.
final class DoomedFileSystem: FileSystem {
  /// What befalls the call.
  enum Doom: CaseIterable, Sendable {
    /// The process is killed: neither this call nor any later one does anything. A write is done by half.
    case death
    /// The disk is full from now on: what needs space fails, a write after its first half. The rest works.
    case fullDisk
    /// This one call fails.
    case error
  }

  private enum Pass { case whole, half }

  private let real = LocalFileSystem()
  private let doom: Doom
  private let first: Int
  private let counter = Atomic<Int>(0)

  /// The call number `call`, which counts from 1, is the one.
  init(_ doom: Doom, at call: Int) { (self.doom, first) = (doom, call) }

  /// Calls made so far.
  var calls: Int { counter.load(ordering: .relaxed) }

  /// Whether the call was reached.
  var hasStruck: Bool { calls >= first }

  /// - Parameter needsSpace: whether a full disk stands in the way.
  @discardableResult
  private func pass(_ operation: FileError.Operation, _ path: String, needsSpace: Bool = false) throws(FileError) -> Pass {
    let number = counter.add(1, ordering: .relaxed).newValue
    guard number >= first else { return .whole }
    let isFirst = number == first
    switch doom {
    case .death where isFirst && operation == .write: return .half
    case .death: throw FileError(operation, path, errno: EIO)
    case .fullDisk where !needsSpace: return .whole
    case .fullDisk where isFirst && operation == .write: return .half
    case .fullDisk: throw FileError(operation, path, errno: ENOSPC)
    case .error where isFirst: throw FileError(operation, path, errno: EIO)
    case .error: return .whole
    }
  }

  func createDirectory(_ path: String) throws(FileError) {
    try pass(.createDirectory, path, needsSpace: true)
    try real.createDirectory(path)
  }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile {
    if case .createNew = mode {
      try pass(.create, path, needsSpace: true)
    } else {
      try pass(.open, path)
    }
    return try real.open(path, mode)
  }

  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int {
    let pass = try pass(.write, file.path, needsSpace: true)
    return try real.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(pass == .half ? bytes.count / 2 : bytes.count)), to: file)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int {
    try pass(.read, file.path)
    return try real.read(into: buffer, from: file, at: offset)
  }

  func synchronize(_ file: OpenFile) throws(FileError) { try pass(.synchronize, file.path) }

  func synchronizeDirectory(_ path: String) throws(FileError) { try pass(.synchronize, path) }

  func truncate(_ file: OpenFile, to size: Int) throws(FileError) {
    try pass(.truncate, file.path)
    try real.truncate(file, to: size)
  }

  /// Closes even when it fails or the process is dead, as the kernel does; so locks go, too.
  func close(_ file: OpenFile) throws(FileError) {
    try real.close(file)
    try pass(.close, file.path)
  }

  func rename(_ source: String, to target: String) throws(FileError) {
    try pass(.rename, target)
    try real.rename(source, to: target)
  }

  func remove(_ path: String) throws(FileError) {
    try pass(.remove, path)
    try real.remove(path)
  }

  func list(_ path: String) throws(FileError) -> [String] {
    try pass(.list, path)
    return try real.list(path)
  }

  func status(of path: String) throws(FileError) -> FileStatus? {
    try pass(.examine, path)
    return try real.status(of: path)
  }

  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool {
    try pass(.lock, file.path)
    return try real.lock(file, shared: shared)
  }
}
