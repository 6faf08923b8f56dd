import Basics

extension ExperimentSpec {
  /// What the reference says of the settings that `word` means, as text for a terminal: the one at this path and those
  /// below it, else those with the word in their path, else those with the word in their meaning. All for an empty word;
  /// nil when there is none.
  package static func explanation(of word: String, terms: [TermDeclaration]) -> String? {
    let settings = schema(terms: terms).settings.map { (path: $0.path.joined(separator: ".").lowercased(), setting: $0) }
    let word = word.lowercased().split(separator: ".").map { $0.allSatisfy(\.isNumber) ? "n" : $0 }.joined(separator: ".")
    let meanings: [(String, SettingDescription) -> Bool] = [
      { path, _ in path == word || path.hasPrefix(word + ".") },
      { path, _ in path.contains(word) },
      { _, setting in setting.doc.lowercased().contains(word) },
    ]
    let found = word.isEmpty ? settings : meanings.lazy.map { settings.filter($0) }.first { !$0.isEmpty }
    return found?.map { $0.setting.explanation }.joined(separator: "\n")
  }

  /// A step of a setting's path that `word` may stand for.
  package static func settingLike(_ word: String, terms: [TermDeclaration]) -> String? {
    let steps = schema(terms: terms).settings.flatMap(\.path)
    return EditDistance.closest(to: word.split(separator: ".").last.map(String.init) ?? word, among: steps)
  }
}

extension SettingDescription {
  /// The path, and below it the meaning, the values and the default.
  fileprivate var explanation: String {
    let values = expected + (example.map { ", as in \($0)" } ?? "")
    let standard = defaultText.map { "default: \($0.replacing("`", with: ""))" } ?? "must be given"
    return "\(path.joined(separator: "."))\n  \(doc)\n  \(values); \(standard)\n"
  }
}
