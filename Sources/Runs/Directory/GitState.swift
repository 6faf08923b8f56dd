import Foundation

/// Which commit a folder is at.
package struct GitState: Equatable, Sendable {
  /// The commit's hash.
  package let commit: String
  /// Whether tracked files differ from it.
  package let isDirty: Bool

  /// The state of a commit and its folder.
  package init(commit: String, isDirty: Bool) {
    (self.commit, self.isDirty) = (commit, isDirty)
  }

  /// The state of the checkout that `folder` lies in, or nil when there is none, or no git.
  package init?(folder: String) {
    guard let commit = Self.git(["rev-parse", "--verify", "HEAD"], folder), !commit.isEmpty,
      let changes = Self.git(["status", "--porcelain", "--untracked-files=no"], folder)
    else { return nil }
    self.init(commit: commit, isDirty: !changes.isEmpty)
  }

  private static func git(_ arguments: [String], _ folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "--no-optional-locks", "-C", folder] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
