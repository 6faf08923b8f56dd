import Basics
import Foundation

/// The checkout of git that a folder lies in, according to its files: no program is run, and nothing is read but names and hashes.
struct GitCheckout {
  /// The folder of the work tree.
  let top: String
  /// The folder of its index and head.
  let git: String
  /// The folder of objects and branches, which several work trees may share.
  let common: String

  /// Bytes of the largest file that is read.
  private static let largest = 8 << 20
  /// Branches that point to branches, at most.
  private static let depth = 5

  /// The nearest checkout around `folder`; nil when there is none.
  init?(around folder: String) {
    var top = WorkingFolder.resolved(folder)
    while true {
      let git = Path.join(top, ".git")
      if let found = Self.folder(git) {
        self.top = top
        self.git = found
        common = Self.text(Path.join(found, "commondir"), in: found).map { Self.resolve($0, in: found) } ?? found
        return
      }
      guard top != "/" else { return nil }
      top = Path.parent(of: top)
    }
  }

  /// The hash that HEAD stands for; nil before the first commit, or where branches are kept in a way that is not known here.
  var commit: String? {
    guard var head = Self.text(Path.join(git, "HEAD"), in: git) else { return nil }
    for _ in 0..<Self.depth {
      guard head.hasPrefix("ref: ") else { return Self.isHash(head) ? head : nil }
      let name = head.dropFirst("ref: ".count).trimmingCharacters(in: .whitespaces)
      guard name.hasPrefix("refs/"), name.split(separator: "/").allSatisfy({ PlainName.isPlain(String($0)) }) else { return nil }
      guard let next = Self.text(Path.join(git, name), in: git) ?? Self.text(Path.join(common, name), in: common) ?? packed(name)
      else { return nil }
      head = next
    }
    return nil
  }

  /// Whether the index is a file of reasonable size, or there is none.
  var hasPlainIndex: Bool {
    guard let status = try? LocalFileSystem().confined(to: git).status(of: Path.join(git, "index")) else { return false }
    return status.kind == .file && status.size <= 16 * Self.largest
  }

  private func packed(_ name: String) -> String? {
    Self.text(Path.join(common, "packed-refs"), in: common)?.split(separator: "\n").first { $0.hasSuffix(" " + name) }
      .map { String($0.prefix { $0 != " " }) }
  }

  /// The folder of git's files that `path`, a folder or a file that names one, stands for.
  private static func folder(_ path: String, depth: Int = depth) -> String? {
    guard depth > 0 else { return nil }
    let files = LocalFileSystem()
    switch (try? files.status(of: path))??.kind {
    case .directory: return (try? files.status(of: Path.join(path, "HEAD")))??.kind == .file ? path : nil
    case .file:
      guard let line = text(path, in: Path.parent(of: path)), line.hasPrefix("gitdir: ") else { return nil }
      return folder(resolve(String(line.dropFirst("gitdir: ".count)), in: Path.parent(of: path)), depth: depth - 1)
    default: return nil
    }
  }

  private static func resolve(_ path: String, in folder: String) -> String { path.hasPrefix("/") ? path : Path.join(folder, path) }

  /// The text of a file below `folder`; no link is followed on the way.
  private static func text(_ path: String, in folder: String) -> String? {
    guard let bytes = try? LocalFileSystem().confined(to: folder).contents(of: path, limit: largest) else { return nil }
    return SystemText.decode(bytes).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func isHash(_ text: String) -> Bool {
    [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
