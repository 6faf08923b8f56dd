import Basics

extension ExperimentSpec {
  /// What the reference says of the settings that `word` means, as text for a terminal: the one at this path and those
  /// below it, else those with the word in their path, else those with the word in their meaning. All for an empty word;
  /// nil when there is none.
  package static func explanation(of word: String, _ language: Language) -> String? {
    SettingSearch(schema(language).settings).explanation(of: word)
  }

  /// What the reference says of the setting at `path` and those below it, or nil.
  package static func explanation(ofPath path: String, _ language: Language) -> String? {
    SettingSearch(schema(language).settings).explanation(ofPath: path)
  }

  /// A step of a setting's path that `word` may stand for.
  package static func settingLike(_ word: String, _ language: Language) -> String? {
    SettingSearch(schema(language).settings).settingLike(word)
  }
}

extension SweepSpec {
  /// As ``ExperimentSpec/explanation(of:_:)``, of the settings of a sweep file.
  package static func explanation(of word: String, _ language: Language) -> String? {
    SettingSearch(schema(language).settings).explanation(of: word)
  }

  /// As ``ExperimentSpec/explanation(ofPath:_:)``, of the settings of a sweep file.
  package static func explanation(ofPath path: String, _ language: Language) -> String? {
    SettingSearch(schema(language).settings).explanation(ofPath: path)
  }

  /// A step of the path of a sweep's setting that `word` may stand for.
  package static func settingLike(_ word: String, _ language: Language) -> String? {
    SettingSearch(schema(language).settings).settingLike(word)
  }
}

/// Settings to look for words in.
private struct SettingSearch {
  private let settings: [(path: String, setting: SettingDescription)]

  init(_ settings: [SettingDescription]) {
    self.settings = settings.map { (path: $0.path.joined(separator: ".").lowercased(), setting: $0) }
  }

  func explanation(of word: String) -> String? {
    let word = Self.normal(word)
    if word.isEmpty { return Self.text(settings) }
    let meanings: [(String, SettingDescription) -> Bool] = [
      { path, _ in Self.isAt(word, path) }, { path, _ in path.contains(word) },
      { _, setting in setting.doc.lowercased().contains(word) },
    ]
    return Self.text(meanings.lazy.map { settings.filter($0) }.first { !$0.isEmpty } ?? [])
  }

  func explanation(ofPath path: String) -> String? {
    let word = Self.normal(path)
    return word.isEmpty ? nil : Self.text(settings.filter { Self.isAt(word, $0.path) })
  }

  func settingLike(_ word: String) -> String? {
    EditDistance.closest(
      to: word.split(separator: ".").last.map(String.init) ?? word, among: settings.flatMap(\.setting.path))
  }

  private static func isAt(_ word: String, _ path: String) -> Bool { path == word || path.hasPrefix(word + ".") }

  private static func normal(_ word: String) -> String {
    word.lowercased().split(separator: ".").map { $0.allSatisfy(\.isNumber) ? "n" : $0 }.joined(separator: ".")
  }

  private static func text(_ found: [(path: String, setting: SettingDescription)]) -> String? {
    found.isEmpty ? nil : found.map(\.setting.explanation).joined(separator: "\n")
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
