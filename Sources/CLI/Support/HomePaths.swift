import Basics

/// Arguments with `~/` as the user's home where a shell leaves it alone, as in `--out=~/pictures`.
enum HomePaths {
  /// Options whose values are words, not paths.
  private static let words = ["--label", "--title", "--filter", "--columns", "--sort", "--exclude"]

  /// `arguments` with every path that begins with `~/` seen from the user's home. What overrides hold is for those to say.
  static func expanded(_ arguments: [String]) -> [String] {
    var previous = ""
    return arguments.map { argument in
      defer { previous = argument }
      guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
        return words.contains(previous) || argument == "~" ? argument : Path.expandingHome(argument)
      }
      guard !words.contains(String(argument[..<equals])) else { return argument }
      return argument[...equals] + Path.expandingHome(String(argument[argument.index(after: equals)...]))
    }
  }
}
