import Basics
import Foundation
import Synchronization

/// A folder of decoded images, which makes a second start quick and lets sets train that are larger than memory.
///
/// Everything in it can be made again from the images, so nothing that goes wrong with it ends a training: it is said once, and
/// the images are decoded into memory. It is the user's alone: a folder that others can write to is not used.
package final class ImageCache: Sendable {
  /// Where the files are; nil when there is no place for them.
  package let folder: String?
  /// What was lost of files in use.
  let loss = PackLoss()
  /// Bytes of images up to which all of a file are kept in memory.
  let inMemory: Int
  private let files: any FileSystem
  private let state = Mutex(State())

  private struct State {
    var notices: [String] = []
    /// Whether a failure to write was reported.
    var hasFailed = false
    /// Whether the folder must not be used, which was reported.
    var isUnsafe = false
  }

  /// The cache in `folder`, which need not be there yet; it and the folder above it are the user's alone.
  package init(folder: String?, inMemory: Int = PackFile.largestInMemory, in files: any FileSystem = LocalFileSystem()) {
    self.folder = folder
    self.inMemory = inMemory
    self.files = files
  }

  /// The user's cache: `fadein/images` in `$XDG_CACHE_HOME`, else in `~/.cache` (XDG Base Directory Specification 0.8).
  /// Relative paths do not count there.
  package convenience init(environment: [String: String], in files: any FileSystem = LocalFileSystem()) {
    func absolute(_ name: String) -> String? { environment[name].flatMap { Path.isAbsolute($0) ? $0 : nil } }
    let base = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { Path.join($0, ".cache") }
    self.init(folder: base.map { Path.join($0, "fadein/images") }, in: files)
  }

  /// What has gone wrong since this was asked last, a sentence each.
  package func takeNotices() -> [String] {
    state.withLock { state in
      defer { state.notices = [] }
      return state.notices
    }
  }

  /// The file of `pack`.
  func path(of pack: PackFile) -> String? {
    folder.map { Path.join($0, "\(pack.key.prefix(Self.nameDigits))-\(pack.side)\(Self.suffix)") }
  }

  /// Digits of the key in a file's name; all of them are in the file.
  private static let nameDigits = 32
  private static let suffix = ".pack"
  private static let choiceSuffix = ".choice"
  /// Bytes of the longest choice.
  private static let largestChoice = 256 << 20

  /// The images and records of `pack`, or nil when they are not there or damaged, or `isMeant` finds that they are others, which is
  /// told.
  func open(
    _ pack: PackFile, threads: Int, _ isMeant: (PackedImages, [PackFile.Record]) -> Bool = { _, _ in true }
  ) -> (images: PackedImages, records: [PackFile.Record])? {
    guard let path = path(of: pack) else { return nil }
    return reading(path) {
      let found = try pack.open(path, in: files, threads: threads, inMemory: inMemory, loss: loss)
      guard isMeant(found.images, found.records) else { throw PackFile.Damage(reason: "it does not hold these images") }
      return found
    }
  }

  /// The bytes that were kept for `key`; nil if there are none or they are damaged, which is reported.
  func choice(_ key: String) -> [UInt8]? {
    guard let path = choicePath(key) else { return nil }
    return reading(path) {
      let file = try PrivateFolder.open(path)
      defer { close(file.descriptor) }
      var status = stat()
      guard fstat(file.descriptor, &status) == 0, status.st_size <= Self.largestChoice else {
        throw PackFile.Damage(reason: "it is too long")
      }
      return try files.read(Int(status.st_size), from: file, at: 0)
    }
  }

  /// Keeps `bytes` for `key`.
  func keep(choice bytes: [UInt8], _ key: String) {
    guard let path = choicePath(key) else { return }
    writing { () throws(FileError) in
      try AtomicFile.write(to: path, in: files, isDurable: false) { (file) throws(FileError) in
        guard fchmod(file.descriptor, 0o600) == 0 else { throw FileError(.create, path, errno: errno) }
        try files.writeAll(bytes, to: file)
      }
    }
  }

  private func choicePath(_ key: String) -> String? {
    folder.map { Path.join($0, key.prefix(Self.nameDigits) + Self.choiceSuffix) }
  }

  private func reading<Value>(_ path: String, _ body: () throws -> Value) -> Value? {
    do {
      guard try isPrivate() else { return nil }
      return try body()
    } catch let damage as PackFile.Damage {
      tell("the image cache '\(path.printable)' is damaged and is made anew: \(damage.reason)")
    } catch let error as FileError {
      if !error.isNotFound { tell("the image cache cannot be used: \(error.description.printable)") }
    } catch {
      refuse(error)
    }
    return nil
  }

  /// Makes the file of `pack` with the images that `body` appends, and opens it. Nil if that fails, which is reported, or if
  /// `body` gives it up by returning false.
  /// Two processes may do so at once: each writes a file of its own, and the last one stays.
  func make(
    _ pack: PackFile, threads: Int, _ body: (inout PackFile.Writer) throws(FileError) -> Bool
  ) -> (images: PackedImages, records: [PackFile.Record])? {
    guard let path = path(of: pack) else {
      fail("neither XDG_CACHE_HOME nor HOME names a folder")
      return nil
    }
    let isMade = writing { () throws(FileError) in
      try pack.write(to: path, in: files) { (writer) throws(FileError) in
        guard try body(&writer) else { throw FileError(.write, path, errno: ECANCELED) }
      }
    }
    return isMade ? open(pack, threads: threads) : nil
  }

  /// Does `body` with the folder there and private. Returns false if that fails, which is reported.
  @discardableResult private func writing(_ body: () throws(FileError) -> Void) -> Bool {
    guard let folder, !state.withLock({ $0.isUnsafe }) else { return false }
    do {
      try files.createDirectories(Path.parent(of: Path.parent(of: folder)))
      for path in [Path.parent(of: folder), folder] { try PrivateFolder.create(path) }
      try mark(Path.parent(of: folder))
      sweep(folder)
      try body()
      return true
    } catch let error as FileError {
      if error.errno != ECANCELED { fail(error.description) }
    } catch {
      refuse(error)
    }
    return false
  }

  /// Marks the folder as a cache, for programs that search or back up folders.
  private func mark(_ folder: String) throws(FileError) {
    let path = Path.join(folder, "CACHEDIR.TAG")
    guard try files.status(of: path) == nil else { return }
    try AtomicFile.write(ProgramFolder.cacheTag + "\n# Images that fadein has decoded; they may be deleted.\n", to: path, in: files)
  }

  /// Whether the folder is there. Throws when it must not be used.
  private func isPrivate() throws -> Bool {
    guard let folder, !state.withLock({ $0.isUnsafe }) else { return false }
    return try PrivateFolder.check(Path.parent(of: folder)) && PrivateFolder.check(folder)
  }

  /// Removes what killed processes left half-written: temporary files of processes that are gone, also from other machines that
  /// share the folder, as nobody holds a lock on them. One that is still empty may be about to be locked.
  private func sweep(_ folder: String) {
    for name in (try? files.list(folder)) ?? [] where name.contains(Self.suffix) {
      guard let writer = AtomicFile.writer(ofTemporary: name), kill(writer, 0) != 0, errno == ESRCH else { continue }
      let path = Path.join(folder, name)
      guard let file = try? PrivateFolder.open(path) else { continue }
      defer { close(file.descriptor) }
      var status = stat()
      guard fstat(file.descriptor, &status) == 0, status.st_size > 0 else { continue }
      if (try? files.lock(file, shared: false)) == true { try? files.remove(path) }
    }
  }

  private func tell(_ notice: String) { state.withLock { $0.notices.append(notice) } }

  /// Reports the first failure to write; the others have the same reason.
  private func fail(_ reason: String) {
    state.withLock { state in
      if !state.hasFailed { state.notices.append("no image cache, so the images are decoded into memory: \(reason.printable)") }
      state.hasFailed = true
    }
  }

  /// Reports once why the folder is not used.
  private func refuse(_ error: any Error) {
    let reason = (error as? PrivateFolder.Unsafe).map { "'\($0.path)' is not used, as \($0.reason); \($0.advice)" } ?? "\(error)"
    state.withLock { $0.isUnsafe = true }
    fail(reason)
  }
}
