import Basics
import Foundation

/// Which commit a folder is at.
///
/// A checkout may come from anyone, and git runs what its configuration names: a file system monitor, filters, helpers, hooks. So
/// git never sees that configuration. It is given a folder of its own, with the checkout's objects, index and commit, and an empty
/// configuration.
package struct GitState: Equatable, Sendable {
  /// The commit's hash.
  package let commit: String
  /// Whether tracked files differ from it; nil if git does not know.
  package let isDirty: Bool?

  /// The state of a commit and its folder.
  package init(commit: String, isDirty: Bool?) {
    self.commit = commit
    self.isDirty = isDirty
  }

  /// The state of the checkout that `folder` lies in, or nil when there is none.
  package init?(folder: String) {
    guard let checkout = GitCheckout(around: folder), let commit = checkout.commit else { return nil }
    self.init(commit: commit, isDirty: Self.isDirty(checkout, commit))
  }

  /// Seconds that git may take.
  private static let patience = 5.0

  private static func isDirty(_ checkout: GitCheckout, _ commit: String) -> Bool? {
    guard checkout.hasPlainIndex, let own = try? EmptyRepository(at: commit) else { return nil }
    defer { own.remove() }
    // A relative folder of programs could be one of the checkout.
    let programs = (WorkingFolder.variable("PATH") ?? "/usr/bin:/bin").split(separator: ":").filter {
      $0.hasPrefix("/")
    }
    let environment = [
      "PATH": programs.joined(separator: ":"), "GIT_DIR": own.path, "GIT_WORK_TREE": checkout.top,
      "GIT_INDEX_FILE": checkout.git + "/index",
      "GIT_OBJECT_DIRECTORY": checkout.common + "/objects", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_ATTR_NOSYSTEM": "1", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "/bin/false", "LC_ALL": "C",
    ]
    // What a checkout holds may unpack to any size: git gets half a gigabyte.
    let words = [
      "sh", "-c", "ulimit -v 524288; exec \"$@\"", "sh", "git", "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false",
      "-c", "core.hooksPath=/dev/null",
      "-c", "protocol.allow=never", "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all",
    ]
    guard let outcome = Command.run(words, environment: environment, seconds: patience), outcome.code == 0 else { return nil }
    return !outcome.output.isEmpty
  }
}

/// A git folder with a commit at its head and nothing else that git could act on.
private struct EmptyRepository {
  let path: String

  init(at commit: String) throws {
    path = NSTemporaryDirectory() + "/fadein-git-" + UUID().uuidString
    let own: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    for folder in ["", "/refs", "/objects"] {
      try FileManager.default.createDirectory(atPath: path + folder, withIntermediateDirectories: false, attributes: own)
    }
    try (commit + "\n").write(toFile: path + "/HEAD", atomically: false, encoding: .utf8)
    let format = commit.utf8.count == 64 ? "\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n" : ""
    try ("[core]\n\tbare = false\n" + format).write(toFile: path + "/config", atomically: false, encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
