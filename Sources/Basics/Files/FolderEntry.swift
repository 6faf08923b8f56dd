import Foundation

extension FolderEntry {
  /// What an open directory holds, without `.` and `..`, sorted by the bytes of the names. Closes it.
  static func all(of directory: OpaquePointer, _ path: String) throws(FileError) -> [FolderEntry] {
    defer { closedir(directory) }
    var entries: [FolderEntry] = []
    errno = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { SystemText.decode($0.prefix { $0 != 0 }) }
      if name != "." && name != ".." { entries.append(FolderEntry(name, kind(of: entry, in: directory))) }
      errno = 0
    }
    guard errno == 0 else { throw FileError(.list, path, errno: errno) }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The kind according to the directory itself; some file systems leave that to `stat`.
  private static func kind(of entry: UnsafeMutablePointer<dirent>, in directory: OpaquePointer) -> FileStatus.Kind {
    switch Int(entry.pointee.d_type) {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .directory
    case Int(DT_LNK): return .link
    case Int(DT_UNKNOWN):
      var status = stat()
      let isKnown = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) {
          fstatat(dirfd(directory), $0, &status, AT_SYMLINK_NOFOLLOW) == 0
        }
      }
      return isKnown ? FileStatus(status).kind : .other
    default: return .other
    }
  }
}

extension FileStatus {
  /// What the system says.
  init(_ status: stat) {
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .link
      default: .other
      }
    self.init(kind: kind, size: Int(status.st_size), identity: FileIdentity(status))
  }
}
