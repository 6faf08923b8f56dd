import Basics

/// Patterns of folders, for shells that did not expand them: `penalty/*`, `runs/*/v00?`.
extension Glob {
  /// Whether `text` has a character that stands for others.
  static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// The folders that match `pattern`, which is relative to `base` unless it begins at the root; sorted. A `*` matches no `/`
  /// and no name that begins with a dot.
  static func folders(matching pattern: String, in base: String, _ files: any FileSystem) -> [String] {
    var paths = [pattern.hasPrefix("/") ? "/" : base]
    for step in pattern.split(separator: "/").map(String.init) where step != "." {
      paths = paths.flatMap { path in
        guard isPattern(step) else { return [Path.join(path, step)] }
        let names = (try? files.list(path.isEmpty ? "." : path)) ?? []
        let glob = Glob(step)
        return names.filter { glob.matches($0) && (!$0.hasPrefix(".") || step.hasPrefix(".")) }.map { Path.join(path, $0) }
      }
    }
    return paths.filter { (try? files.status(of: $0))?.kind == .directory }
  }
}
