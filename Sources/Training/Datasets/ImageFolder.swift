import Basics
import Foundation
import Runs

/// The `.png` files below a folder, found without opening any of them.
package struct ImageFolder: Equatable, Sendable {
  /// The folder's absolute path, free of links.
  package let path: String
  /// Every file whose name ends in `.png` (in any case), ordered by the bytes of its path below the folder. Those that
  /// are not to be opened have their reason already. Folders that cannot be searched are among them.
  package let files: [ImageFile]

  /// Searches the folder at `path` and the folders in it. Names that begin with a dot are ignored. Links to files are
  /// followed if they end inside the folder; links to folders are not. Throws if `path` is not a readable folder.
  package init(path: String, exclude: [String] = []) throws(DatasetError) {
    guard let root = Self.resolved(path) else { throw .noFolder(path: path, reason: Self.systemReason()) }
    let patterns = exclude.map(Glob.init)
    var files: [ImageFile] = []
    var pending = [""]
    while let folder = pending.popLast() {
      guard let entries = Self.entries(of: folder.isEmpty ? root : root + "/" + folder) else {
        let reason = Self.systemReason()
        if folder.isEmpty { throw .noFolder(path: path, reason: reason) }
        files.append(ImageFile(path: folder, skipReason: .image(.unreadable(reason))))
        continue
      }
      for entry in entries where !entry.name.hasPrefix(".") {
        let relative = folder.isEmpty ? entry.name : folder + "/" + entry.name
        let kind = Self.kind(of: root + "/" + relative, below: root)
        let isImage = entry.name.lowercased().hasSuffix(".png")
        if kind == .folder && entry.isUTF8 { pending.append(relative) }
        guard isImage || kind == .link(.linkedFolder) else { continue }
        let reason: ImageFile.SkipReason? =
          if let pattern = patterns.first(where: { $0.matches(relative) }) {
            .excluded(by: pattern.pattern)
          } else if !entry.isUTF8 {
            .nameNotUTF8
          } else {
            kind.skipReason
          }
        files.append(ImageFile(path: relative, skipReason: reason))
      }
    }
    self.path = root
    self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private enum Kind: Equatable {
    case file, folder, special
    case link(ImageFile.SkipReason)

    var skipReason: ImageFile.SkipReason? {
      switch self {
      case .file: nil
      case .folder: .folder
      case .special: .image(.notRegularFile)
      case .link(let reason): reason
      }
    }
  }

  /// What `path` is, a link being what it leads to.
  private static func kind(of path: String, below root: String) -> Kind {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .special }
    if status.st_mode & S_IFMT != S_IFLNK { return kind(status) }
    guard let target = resolved(path), stat(target, &status) == 0 else { return .link(.brokenLink) }
    if kind(status) == .folder { return .link(.linkedFolder) }
    return target.hasPrefix(root == "/" ? root : root + "/") ? kind(status) : .link(.linkOutside)
  }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .special
    }
  }

  /// The names in a folder, with a mark on those that are not text; nil if it cannot be read.
  private static func entries(of path: String) -> [(name: String, isUTF8: Bool)]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var entries: [(name: String, isUTF8: Bool)] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { bytes in
          entries.append((String(cString: bytes), String(validatingCString: bytes) != nil))
        }
      }
    }
    return entries
  }

  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  private static func systemReason() -> String { String(cString: strerror(errno)) }
}
