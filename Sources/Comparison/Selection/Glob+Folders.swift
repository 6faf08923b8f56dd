import Basics

/// Patterns of folders, for shells that did not expand them: `penalty/*`, `runs/*/v00?`.
extension Glob {
  /// Whether `text` has a character that stands for others.
  static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// The folders that match `pattern`, which is relative to `base` unless it begins at the root; sorted. A `*` matches no `/`
  /// and no name that begins with a dot. A link is followed where the pattern names it, and otherwise only reported.
  static func folders(
    matching pattern: String, in base: String, _ files: any FileSystem
  ) -> (folders: [String], links: [String]) {
    var (paths, links) = ([pattern.hasPrefix("/") ? "/" : base], [String]())
    for step in pattern.split(separator: "/").map(String.init) where step != "." {
      paths = paths.flatMap { path in
        guard isPattern(step) else { return [Path.join(path, step)] }
        let entries = (try? files.entries(of: path.isEmpty ? "." : path)) ?? []
        let glob = Glob(step)
        let meant = entries.filter { glob.matches($0.name) && (!$0.name.hasPrefix(".") || step.hasPrefix(".")) }
        links += meant.filter { $0.kind == .link }.map { Path.join(path, $0.name) }
        return meant.filter { $0.kind != .link }.map { Path.join(path, $0.name) }
      }
    }
    return (paths.filter { (try? files.status(of: $0))?.kind == .directory }, links)
  }
}
