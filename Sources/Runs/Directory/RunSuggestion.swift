import Basics

/// What a user may have meant by a name that no run or sweep goes by.
package enum RunSuggestion {
  /// The name under the folder `runs` that is most like `text`: for `pictre` it is `pictures`, for `pictures/v9` the newest version,
  /// for `rates/v001/trials/t012` a trial. Nil when nothing is like it.
  package static func closest(to text: String, in runs: String, _ files: any FileSystem) -> String? {
    let steps = text.split(separator: "/").map(String.init)
    var found: [String] = []
    for (depth, step) in steps.enumerated() {
      let folder = found.reduce(runs) { Path.join($0, $1) }
      let names = ((try? files.list(folder)) ?? []).filter { depth > 0 || RunName($0) != nil }
      if names.contains(step) {
        found.append(step)
        continue
      }
      guard let next = EditDistance.closest(to: step, among: names) ?? (depth == 1 ? newest(names) : nil) else { return nil }
      found.append(next)
      // A name alone means its newest version; what follows is of another run.
      if depth == 0 { break }
    }
    let suggestion = found.joined(separator: "/")
    return suggestion.isEmpty || suggestion == text ? nil : suggestion
  }

  private static func newest(_ names: [String]) -> String? { names.compactMap { RunVersion(folder: $0) }.max()?.description }
}
