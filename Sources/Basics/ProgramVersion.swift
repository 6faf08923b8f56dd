/// Which build of the program: its version, and the commit that it was built from. As text, `0.1.0+<commit>`, with `.modified`
/// behind that when the sources differed from the commit, and `0.1.0` alone when there was no commit to be seen.
package struct ProgramVersion: Equatable, Sendable, CustomStringConvertible {
  /// Three numbers with points between them.
  package let number: String
  /// The commit's hash; nil when it is unknown.
  package let commit: String?
  /// Whether the sources differed from it; nil when that is unknown.
  package let isModified: Bool?

  private static let mark = ".modified"

  /// The version `number`, built from `build`: a commit, one with `.modified` behind it, or anything else for an unknown one.
  package init(_ number: String, build: String) {
    self.number = number
    let hash = build.hasSuffix(Self.mark) ? String(build.dropLast(Self.mark.count)) : build
    let isHash = hash.utf8.count >= 7 && hash.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    (commit, isModified) = isHash ? (hash, build.hasSuffix(Self.mark)) : (nil, nil)
  }

  /// The build that `text` names.
  package init(_ text: String) {
    let parts = text.split(separator: "+", maxSplits: 1).map(String.init)
    self.init(parts.first ?? text, build: parts.count == 2 ? parts[1] : "")
  }

  /// The version that a file recorded as these three.
  package init(number: String, commit: String?, isModified: Bool?) {
    self.number = number
    self.commit = commit
    self.isModified = commit == nil ? nil : isModified ?? false
  }

  package var description: String { commit.map { "\(number)+\($0)\(isModified == true ? Self.mark : "")" } ?? number }

  /// As in `0.1.0 (commit 5a130aa..., modified)`.
  package var sentence: String {
    commit.map { "\(number) (commit \($0)\(isModified == true ? ", modified" : ""))" } ?? "\(number) (commit unknown)"
  }
}
