import Basics
import Foundation
import Synchronization

/// A folder of decoded images, which makes a second start quick and lets sets train that are larger than memory.
///
/// Everything in it can be made again from the images, so nothing that goes wrong with it ends a training: it is said once, and
/// the images are decoded into memory.
package final class ImageCache: Sendable {
  /// Where the files are; nil when there is no place for them.
  package let folder: String?
  private let files: any FileSystem
  private let state = Mutex(State())

  private struct State {
    var notices: [String] = []
    /// Whether a failure to write was told.
    var hasFailed = false
  }

  /// The cache in `folder`, which need not be there yet.
  package init(folder: String?, in files: any FileSystem = LocalFileSystem()) { (self.folder, self.files) = (folder, files) }

  /// The user's cache: `fadein/images` in `$XDG_CACHE_HOME`, else in `~/.cache` (XDG Base Directory Specification 0.8).
  /// Relative paths do not count there.
  package convenience init(environment: [String: String], in files: any FileSystem = LocalFileSystem()) {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
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

  /// The images and records of `pack`, or nil when they are not there or damaged, which is told.
  func open(_ pack: PackFile, threads: Int) -> (images: PackedImages, records: [PackFile.Record])? {
    guard let path = path(of: pack) else { return nil }
    do {
      guard try files.status(of: path) != nil else { return nil }
      return try pack.open(path, in: files, threads: threads)
    } catch let damage as PackFile.Damage {
      tell("the image cache '\(path.printable)' is damaged and is made anew: \(damage.reason)")
    } catch let error as FileError {
      if !error.isNotFound { tell("the image cache cannot be used: \(error.description.printable)") }
    } catch {
      tell("the image cache cannot be used: \(error)")
    }
    return nil
  }

  /// Makes the file of `pack` with the images that `body` appends, and opens it. Nil when that fails, which is told, or when
  /// `body` gives it up by returning false.
  /// Two processes may do so at once: each writes a file of its own, and the last one stays.
  func make(
    _ pack: PackFile, threads: Int, _ body: (inout PackFile.Writer) throws(FileError) -> Bool
  ) -> (images: PackedImages, records: [PackFile.Record])? {
    guard let folder, let path = path(of: pack) else {
      fail("neither XDG_CACHE_HOME nor HOME names a folder")
      return nil
    }
    do throws(FileError) {
      try files.createDirectories(folder)
      sweep(folder)
      try pack.write(to: path, in: files) { (writer) throws(FileError) in
        guard try body(&writer) else { throw FileError(.write, path, errno: ECANCELED) }
      }
    } catch {
      if error.errno != ECANCELED { fail(error.description) }
      return nil
    }
    return open(pack, threads: threads)
  }

  /// Removes what killed processes left half-written: temporary files of processes that are gone, also from other machines that
  /// share the folder, as nobody holds a lock on them. One that is still empty may be about to be locked.
  private func sweep(_ folder: String) {
    for name in (try? files.list(folder)) ?? [] where name.contains(Self.suffix) {
      guard let writer = AtomicFile.writer(ofTemporary: name), kill(writer, 0) != 0, errno == ESRCH else { continue }
      let path = Path.join(folder, name)
      guard let status = try? files.status(of: path), status.kind == .file, status.size > 0,
        let file = try? files.open(path, .read)
      else { continue }
      if (try? files.lock(file, shared: false)) == true { try? files.remove(path) }
      try? files.close(file)
    }
  }

  private func tell(_ notice: String) { state.withLock { $0.notices.append(notice) } }

  /// Tells the first failure to write; the others have the same reason.
  private func fail(_ reason: String) {
    state.withLock { state in
      if !state.hasFailed { state.notices.append("no image cache, so the images are decoded into memory: \(reason.printable)") }
      state.hasFailed = true
    }
  }
}
