import Basics
import Foundation
import Images
import Runs

/// The files below a folder that are named as images, found without opening any of them.
package struct ImageFolder: Equatable, Sendable {
  /// The folder's absolute path, free of links.
  package let path: String
  /// Every file that ``ImageFormatCatalog/isNamed(_:)``, ordered by the bytes of its path below the folder. Those that
  /// are not to be opened have their reason already. Folders that cannot be searched are among them.
  package private(set) var files: [ImageFile] = []
  /// Files that are named otherwise.
  package private(set) var others = OtherFiles()
  /// Folders that are not searched and sheets that are not taken, since this program wrote them: runs, sweeps, caches, and what
  /// `dataset` draws. Paths below the folder, ordered by their bytes.
  package private(set) var own: [String] = []

  /// Searches the folder at `path` and the folders in it. Names that begin with a dot are ignored. Links to files are
  /// followed if they end inside the folder; links to folders are not. Throws if `path` is not a readable folder.
  package init(path: String, exclude: [String] = []) throws(DatasetError) {
    guard let root = Self.resolved(path) else { throw .noFolder(path: path, reason: Self.systemReason()) }
    self.path = root
    let patterns = exclude.map(Glob.init)
    var pending = [""]
    while let folder = pending.popLast() {
      guard let names = Self.names(in: folder.isEmpty ? root : Path.join(root, folder)) else {
        let reason = Self.systemReason()
        if folder.isEmpty { throw .noFolder(path: path, reason: reason) }
        files.append(ImageFile(path: folder, skipReason: .image(.unreadable(reason))))
        continue
      }
      let program = ProgramFolder(Path.join(root, folder), names: names)
      // The folder that the user names is searched whatever is in it.
      if program.isWhole && !folder.isEmpty {
        own.append(folder)
        continue
      }
      for name in names where name.utf8.first != UInt8(ascii: ".") {
        let relative = Path.join(folder, name)
        let kind = Self.kind(of: Path.join(root, relative), below: root)
        if kind == .folder {
          if program.isWhole && ProgramFolder.pictureFolders.contains(name) {
            own.append(relative)
          } else {
            pending.append(relative)
          }
        }
        guard ImageFormatCatalog.isNamed(name) || kind == .link(.linkedFolder) else {
          if kind != .folder { others.append(relative) }
          continue
        }
        if kind == .file && program.isSheet(name) {
          own.append(relative)
          continue
        }
        let reason: ImageFile.SkipReason? =
          if let pattern = patterns.first(where: { $0.matches(relative) }) {
            .excluded(by: pattern.pattern)
          } else if SystemText.isEscaped(relative) {
            .nameNotUTF8
          } else {
            kind.skipReason
          }
        files.append(ImageFile(path: relative, skipReason: reason))
      }
    }
    files.sort { ByteText($0.path) < ByteText($1.path) }
    own.sort { ByteText($0) < ByteText($1) }
  }

  /// What of the folder is passed over without being among ``files``, a sentence each.
  package var notices: [String] { ownNotice + [others.imageNotice].compactMap { $0 } }

  /// What is there besides images, for when they are missing.
  package var passedOver: [String] { [others.notice].compactMap { $0 } + ownNotice }

  /// The sentence about ``own``, if there is anything.
  private var ownNotice: [String] {
    guard let first = own.first else { return [] }
    let places = own.count == 1 ? "1 place that this program wrote is" : "\(own.count) places that this program wrote are"
    return ["\(places) not searched for images (\(own.count == 1 ? "" : "first: ")\(first.printable))"]
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
    guard lstat(path.systemBytes, &status) == 0 else { return .special }
    if status.st_mode & S_IFMT != S_IFLNK { return kind(status) }
    guard let target = resolved(path), stat(target.systemBytes, &status) == 0 else { return .link(.brokenLink) }
    if kind(status) == .folder { return .link(.linkedFolder) }
    return target.utf8.starts(with: Path.join(root, "").utf8) ? kind(status) : .link(.linkOutside)
  }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .special
    }
  }

  /// The names in a folder; nil if it cannot be read.
  private static func names(in path: String) -> [String]? {
    guard let directory = opendir(path.systemBytes) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(withUnsafeBytes(of: &entry.pointee.d_name) { SystemText.decode($0.prefix { $0 != 0 }) })
    }
    return names
  }

  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path.systemBytes, nil) else { return nil }
    defer { free(text) }
    return SystemText.decode(text)
  }

  private static func systemReason() -> String { String(cString: strerror(errno)) }
}
