import Basics
import Foundation

/// A CSV file that grows by whole lines, under a header that never changes.
///
/// Rows are collected and written in one call, so a process killed between calls leaves whole lines only. A write that fails
/// is cut off again, and the rows stay to be tried once more. A file that was replaced, removed or cut in the meantime is written
/// again as a whole before the next rows.
///
///     let log = try CSVLog(creating: "losses.csv", columns: ["iteration", "loss"], rowsPerFlush: 20, in: LocalFileSystem())
///     try log.append([.integer(10), .float(0.674)])
///     try log.flush()                 // the file has "iteration,loss\n10,0.674\n"
package final class CSVLog {
  /// What of an existing file stays when it is opened.
  package enum Keep: Equatable, Sendable {
    /// The first bytes, this many: the length that a checkpoint recorded. 0 starts over.
    case bytes(Int)
    /// Every whole line; only the torn end of a killed write goes.
    case wholeLines
  }

  /// Bytes of the largest file that `wholeLines` looks through.
  private static let largest = 1 << 30
  /// Bytes that are looked through at a time.
  private static let block = 1 << 16

  package let path: String
  package let columns: [String]
  /// Rows that are collected before they are written.
  package let rowsPerFlush: Int
  /// Bytes that are written, the header included.
  package private(set) var length: Int

  /// Bytes of the largest file of which a copy is kept, to write it again if it was replaced.
  private static let largestCopy = 32 << 20

  /// The file on the disk is not the one that was written here, and is too large for a copy of it to be kept.
  package struct Replaced: UserFacingError, Equatable {
    package let path: String
    package let length: Int
    package var exitCode: ExitCode { .ioError }
    package var description: String {
      "'\(path.printable)' was replaced, removed, cut or changed by somebody else while this run writes it"
    }
    package var diagnostics: Diagnostics {
      let note =
        "put back the run's own file of at least \(length) bytes, then 'fadein resume'; editors and sed -i replace what they save"
      return Diagnostics(description, note: note, exitCode: exitCode)
    }
  }

  private let files: any FileSystem
  private var file: OpenFile
  /// Files that were replaced. They stay open: a thread may still be waiting for them to be durable.
  private var retired: [OpenFile] = []
  /// What was written, while it is no larger than ``largestCopy``.
  private var copy: [UInt8]?
  /// What was written, where there is no copy; nil for more than ``largest``.
  private var digests: WrittenDigests?
  private var notices: [String] = []
  private var pending: [UInt8] = []
  private var pendingRows = 0
  private var needsCut = false

  /// Begins a new file with its header, which is durable on return. Fails with `EEXIST` when it is there.
  package convenience init(
    creating path: String, columns: [String], rowsPerFlush: Int = 1, in files: any FileSystem
  ) throws {
    guard try files.status(of: path) == nil else { throw FileError(.create, path, errno: EEXIST) }
    try self.init(continuing: path, columns: columns, keep: .bytes(0), rowsPerFlush: rowsPerFlush, in: files)
  }

  /// Continues the file at `path` after what `keep` says, and begins it when it is not there and nothing must be kept.
  /// Throws ``UnusableFile`` when the header differs, or the file does not have a line end where it should be cut.
  package init(
    continuing path: String, columns: [String], keep: Keep, rowsPerFlush: Int = 1, in files: any FileSystem
  ) throws {
    let header = Array(CSV.header(columns).utf8)
    let length = try Self.length(path, header, keep, files)
    if length == nil { try AtomicFile.write(header, to: path, in: files) }
    file = try files.open(path, .append)
    do {
      if let length { try files.truncate(file, to: length) }
    } catch {
      try? files.close(file)
      throw error
    }
    let kept = length ?? header.count
    do {
      copy = kept > Self.largestCopy ? nil : try Self.first(kept, of: path, files)
      digests = (Self.largestCopy + 1...Self.largest).contains(kept) ? try WrittenDigests(first: kept, of: path, files) : nil
    } catch {
      try? files.close(file)
      throw error
    }
    self.length = kept
    self.path = path
    self.columns = columns
    self.rowsPerFlush = rowsPerFlush
    self.files = files
  }

  deinit { for file in retired + [file] { try? files.close(file) } }

  /// Throws what opening the file to continue it would throw, and changes nothing.
  package static func check(_ path: String, columns: [String], keep: Keep, in files: any FileSystem) throws {
    _ = try length(path, Array(CSV.header(columns).utf8), keep, files)
  }

  /// Adds a row, which has a cell per column, and writes when enough are collected.
  package func append(_ cells: [CSVCell]) throws {
    precondition(cells.count == columns.count, "\(cells.count) cells for the \(columns.count) columns of \(path)")
    pending.append(contentsOf: CSV.line(cells).utf8)
    pendingRows += 1
    if pendingRows >= rowsPerFlush { try flush() }
  }

  /// Writes the rows collected so far.
  package func flush() throws {
    if needsCut {
      try files.truncate(file, to: length)
      needsCut = false
    }
    try putBack()
    guard !pending.isEmpty else { return }
    do throws(FileError) {
      try files.writeAll(pending, to: file)
    } catch {
      needsCut = true
      if (try? files.truncate(file, to: length)) != nil { needsCut = false }
      throw error
    }
    length += pending.count
    keep(pending)
    pending = []
    pendingRows = 0
  }

  /// Keeps what was written: a copy of it, or digests of what is too large for that.
  private func keep(_ bytes: [UInt8]) {
    if let copy, copy.count + bytes.count > Self.largestCopy {
      digests = WrittenDigests()
      digests?.append(copy)
      self.copy = nil
    }
    if copy != nil { copy?.append(contentsOf: bytes) } else { digests?.append(bytes) }
    if length > Self.largest { digests = nil }
  }

  /// Writes the file again when the one at its path is not, or not as long as, the one that was written here.
  private func putBack() throws {
    let (own, there) = (try files.status(of: file), try files.status(of: path))
    if let there, there.identity == own.identity, own.size >= length {
      // Rows that somebody else has added would end up between ours.
      if own.size > length { try files.truncate(file, to: length) }
      return
    }
    try writeAgain(there == nil ? "was removed" : "was replaced or cut")
  }

  /// Writes the file again when it has not the text that was written here, though it is as long.
  private func putTextBack() throws {
    let isOwn =
      if let copy { try files.contents(of: path, limit: Self.largest) == copy } else { try digests?.match(path, files) ?? true }
    if !isOwn { try writeAgain("was changed") }
  }

  private func writeAgain(_ what: String) throws {
    guard let copy else { throw Replaced(path: path, length: length) }
    let aside = try ReplacedFile.setAside(path, unlessBeginning: copy, files)
    try AtomicFile.write(copy, to: path, in: files)
    let again = try files.open(path, .append)
    retired.append(file)
    file = again
    let rest = aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? ""
    notices.append("\(Path.name(of: path)) \(what) by somebody else: the whole table is written again\(rest)")
  }

  /// What was put right since this was asked last, a sentence each.
  package func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }

  /// The file, to be made durable while rows are added.
  package var handle: OpenFile { file }

  /// Takes back every row after the first `length` bytes, which end a line.
  package func cut(to length: Int) throws {
    guard length <= self.length else { throw UnusableFile(path, "it has only \(self.length) of \(length) bytes", for: .continue) }
    pending = []
    pendingRows = 0
    if try digests?.cut(to: length, path, files) == false { throw Replaced(path: path, length: length) }
    self.length = length
    if let bytes = copy?.count { copy?.removeLast(bytes - length) }
    needsCut = true
    try files.truncate(file, to: length)
    needsCut = false
  }

  /// Writes the rows collected so far and waits until they are durable; `length` is then what a checkpoint stores. All that was written
  /// is there then, even if it was changed in place.
  package func synchronize() throws {
    try flush()
    try putTextBack()
    try files.synchronize(file)
  }

  /// The bytes that stay, or nil when the file begins anew.
  private static func length(_ path: String, _ header: [UInt8], _ keep: Keep, _ files: any FileSystem) throws -> Int? {
    if keep == .bytes(0) { return nil }
    guard let status = try files.status(of: path), status.size > 0 else {
      if keep == .wholeLines { return nil }
      throw UnusableFile(path, "it is gone or empty", for: .continue)
    }
    guard try first(header.count, of: path, files) == header else {
      throw UnusableFile(path, "its header is not the one that this run writes", for: .continue)
    }
    switch keep {
    case .bytes(let count):
      let last = try files.reading(path) { (file, _) throws(FileError) in
        try files.read(1, from: file, at: max(count - 1, 0))
      }
      guard count >= header.count, last == [UInt8(ascii: "\n")] else {
        throw UnusableFile(path, "of its \(status.size) bytes, number \(count) does not end a line", for: .continue)
      }
      return count
    case .wholeLines:
      guard status.size <= largest else { throw FileError(.read, path, errno: EFBIG) }
      // From its end: what a stranger has made long is not read as a whole.
      return try files.reading(path) { (file, size) throws(FileError) in
        var end = size
        while end > 0 {
          let start = max(0, end - block)
          if let feed = try files.read(end - start, from: file, at: start).lastIndex(of: UInt8(ascii: "\n")) {
            return start + feed + 1
          }
          end = start
        }
        return 1
      }
    }
  }

  private static func first(_ count: Int, of path: String, _ files: any FileSystem) throws(FileError) -> [UInt8] {
    try files.reading(path) { (file, _) throws(FileError) in try files.read(count, from: file, at: 0) }
  }
}
