import Basics
import Foundation
import Synchronization

/// The real file system, of which one call, or every call from one on, fails before it does anything.
final class FaultyFileSystem: FileSystem {
  private let real = LocalFileSystem()
  private let failing: Int
  private let forever: Bool
  private let errno: Int32
  private let counter = Atomic<Int>(0)

  /// Fails the call number `failing`, which counts from 1.
  init(failing: Int, forever: Bool, errno: Int32) {
    (self.failing, self.forever, self.errno) = (failing, forever, errno)
  }

  /// Calls made so far.
  var calls: Int { counter.load(ordering: .relaxed) }

  private func pass(_ operation: FileError.Operation, _ path: String) throws(FileError) {
    let number = counter.add(1, ordering: .relaxed).newValue
    if number == failing || (forever && number > failing) { throw FileError(operation, path, errno: errno) }
  }

  func createDirectory(_ path: String) throws(FileError) {
    try pass(.createDirectory, path)
    try real.createDirectory(path)
  }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile {
    try pass(.open, path)
    return try real.open(path, mode)
  }

  /// Writes at most half of what is given, as a system may.
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int {
    try pass(.write, file.path)
    return try real.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(max(1, bytes.count / 2))), to: file)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int {
    try pass(.read, file.path)
    return try real.read(into: buffer, from: file, at: offset)
  }

  func synchronize(_ file: OpenFile) throws(FileError) {
    try pass(.synchronize, file.path)
    try real.synchronize(file)
  }

  func synchronizeDirectory(_ path: String) throws(FileError) {
    try pass(.synchronize, path)
    try real.synchronizeDirectory(path)
  }

  func truncate(_ file: OpenFile, to size: Int) throws(FileError) {
    try pass(.truncate, file.path)
    try real.truncate(file, to: size)
  }

  /// Closes even when it fails, so that tests leave no descriptors open.
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
    // Looking is never interrupted.
    if errno != EINTR { try pass(.examine, path) }
    return try real.status(of: path)
  }

  func status(of file: OpenFile) throws(FileError) -> FileStatus { try real.status(of: file) }

  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool {
    try pass(.lock, file.path)
    return try real.lock(file, shared: shared)
  }
}
