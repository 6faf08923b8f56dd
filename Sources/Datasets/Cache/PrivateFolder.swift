import Basics
import Foundation

/// A folder that only its owner can read and write: what is found there can be trusted, and what is written there is seen by nobody
/// else.
enum PrivateFolder {
  /// Why a folder is not used.
  struct Unsafe: Error, Equatable {
    let path: String
    let reason: String
    /// What helps.
    let advice: String
  }

  /// Checks the folder at `path`, and closes it to others. Returns false when it is not there. Throws ``Unsafe`` when it is a link,
  /// is somebody else's, or others can write to it.
  static func check(_ path: String) throws -> Bool {
    var status = stat()
    guard lstat(path.systemBytes, &status) == 0 else {
      if errno == ENOENT { return false }
      throw FileError(.examine, path, errno: errno)
    }
    func refuse(_ reason: String, _ advice: String) -> Unsafe { Unsafe(path: path, reason: reason, advice: advice) }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFLNK else { throw refuse("it is a symbolic link, which is not followed", "put a folder in its place") }
    guard kind == S_IFDIR else { throw FileError(.createDirectory, path, errno: ENOTDIR) }
    guard status.st_uid == geteuid() else {
      throw refuse("it belongs to another user", "let XDG_CACHE_HOME name a folder of your own")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw refuse(
        "others can write to it (mode \(String(status.st_mode & 0o7777, radix: 8)))",
        "remove it, or empty it and make it yours with chmod 700")
    }
    guard status.st_mode & 0o077 != 0 else { return true }
    let descriptor = Foundation.open(path.systemBytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path, errno: errno) }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o700) == 0 else { throw FileError(.createDirectory, path, errno: errno) }
    return true
  }

  /// Makes the folder at `path`, if it is not there, for its owner alone.
  static func create(_ path: String) throws {
    if mkdir(path.systemBytes, 0o700) == 0 { return }
    guard errno == EEXIST else { throw FileError(.createDirectory, path, errno: errno) }
    _ = try check(path)
  }

  /// Opens a file to read that is the owner's own. Throws ``PackFile/Damage`` when it is a link, no file, somebody else's, or others
  /// can write to it, and a `FileError` when it cannot be opened.
  static func open(_ path: String) throws -> OpenFile {
    let descriptor = Foundation.open(path.systemBytes, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ELOOP { throw PackFile.Damage(reason: "it is a symbolic link, which is not followed") }
      throw FileError(.open, path, errno: errno)
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    func refuse(_ reason: String) -> PackFile.Damage {
      close(descriptor)
      return PackFile.Damage(reason: reason)
    }
    guard isKnown, status.st_mode & S_IFMT == S_IFREG else { throw refuse("it is no file") }
    guard status.st_uid == geteuid() else { throw refuse("it belongs to another user") }
    guard status.st_mode & 0o022 == 0 else { throw refuse("others can write to it") }
    return OpenFile(descriptor: descriptor, path: path)
  }
}
