/// Settings by as few of the last steps of their paths as tell them apart: `rate` for `optimizer.adam.rate`.
struct ShortNames {
  private let names: [String: String]

  /// Names for these paths.
  init(_ paths: [String]) {
    var names: [String: String] = [:]
    for path in paths {
      let steps = path.split(separator: ".")
      // A number alone, as of a phase, says nothing.
      let short = (1...max(1, steps.count)).lazy.map { steps.suffix($0).joined(separator: ".") }.first { name in
        paths.count { $0 == name || $0.hasSuffix("." + name) } == 1 && name.first?.isNumber != true
      }
      names[path] = short ?? path
    }
    self.names = names
  }

  subscript(path: String) -> String { names[path] ?? path }
}
