import Foundation
import Synchronization

/// A file that appears under its name whole and durable, or not at all.
///
/// The content goes into a temporary file of the same folder, which is made durable and then renamed; the folder is made
/// durable last. A process killed on the way leaves `.fadein-tmp-<process>-<number>-<name>`, which ``sweep(_:in:)`` removes.
package enum AtomicFile {
  /// How the name of a temporary file begins.
  package static let mark = ".fadein-tmp-"

  /// Bytes of the final name that its temporary file keeps: 255 are allowed, the rest is for the mark and numbers.
  private static let longestStem = 200

  private static let counter = Atomic<Int>(0)

  /// Writes what `body` writes, then puts it at `path`. On an error nothing has changed. A file that is not to be durable may be
  /// torn after a loss of power, but costs no waiting for the disk.
  package static func write(
    to path: String, in files: any FileSystem, isDurable: Bool = true, _ body: (OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    let temporary = temporaryPath(for: path)
    let file = try files.open(temporary, .createNew)
    do throws(FileError) {
      do throws(FileError) {
        try body(file)
        if isDurable { try files.synchronize(file) }
      } catch {
        try? files.close(file)
        throw error
      }
      try files.close(file)
      try files.rename(temporary, to: path)
    } catch {
      try? files.remove(temporary)
      throw error
    }
    if isDurable { try files.synchronizeDirectory(Path.parent(of: path)) }
  }

  /// Puts `bytes` at `path`.
  package static func write(_ bytes: [UInt8], to path: String, in files: any FileSystem) throws(FileError) {
    try write(to: path, in: files) { (file) throws(FileError) in try files.writeAll(bytes, to: file) }
  }

  /// Puts `text` at `path`, in UTF-8.
  package static func write(_ text: String, to path: String, in files: any FileSystem) throws(FileError) {
    try write(Array(text.utf8), to: path, in: files)
  }

  /// The number of the process that made the temporary file `name`; nil when it is none.
  package static func writer(ofTemporary name: String) -> Int32? {
    guard name.hasPrefix(mark) else { return nil }
    let parts = name.dropFirst(mark.count).split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[2].isEmpty, Int(parts[1]) != nil else { return nil }
    return Int32(parts[0])
  }

  /// Whether `name` is that of a temporary file.
  package static func isTemporary(_ name: String) -> Bool { writer(ofTemporary: name) != nil }

  /// Removes the temporary files that killed processes left in `folder`, and nothing that only looks like one: a folder or a link
  /// stays. Call it only while holding the folder's lock.
  package static func sweep(_ folder: String, in files: any FileSystem) throws(FileError) {
    for name in try files.list(folder) where isTemporary(name) {
      let path = Path.join(folder, name)
      if try files.status(of: path)?.kind == .file { try files.remove(path) }
    }
  }

  private static func temporaryPath(for path: String) -> String {
    var stem = Path.name(of: path)
    while stem.utf8.count > longestStem { stem.removeLast() }
    let number = counter.add(1, ordering: .relaxed).newValue
    return Path.join(Path.parent(of: path), "\(mark)\(getpid())-\(number)-\(stem)")
  }
}
