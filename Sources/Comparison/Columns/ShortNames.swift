/// Settings by as few of the last steps of their paths as distinguish them: `rate` for `optimizer.adam.rate`.
package struct ShortNames: Sendable {
  private let names: [String: String]

  /// Names for these paths.
  package init(_ paths: [String]) {
    var counts: [Substring: Int] = [:]
    for path in paths { for ending in Self.endings(path) { counts[ending, default: 0] += 1 } }
    var names: [String: String] = [:]
    for path in paths {
      // A number alone, as of a phase, says nothing.
      let short = Self.endings(path).first { counts[$0] == 1 && $0.first?.isNumber != true }
      names[path] = short.map(String.init) ?? path
    }
    self.names = names
  }

  /// The last step of `path`, the last two, and so on.
  private static func endings(_ path: String) -> [Substring] {
    let starts = path.indices.filter { $0 == path.startIndex || path[path.index(before: $0)] == "." }
    return starts.reversed().map { path[$0...] }
  }

  /// The short name of a path.
  package subscript(path: String) -> String { names[path] ?? path }

  /// Values of settings as a name: `rate 0.01, weight 10`.
  package func title(_ values: [(path: String, value: String?)]) -> String {
    values.map { "\(self[$0.path]) \($0.value ?? "–")" }.joined(separator: ", ")
  }
}
