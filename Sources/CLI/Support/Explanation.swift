import Basics
import Models
import Runs
import Spec
import Studies

/// What `explain` knows: settings of experiments, settings of sweeps, and columns of a run's tables.
struct Explanation {
  /// The text for a terminal; nil when nothing goes by the word.
  let text: String?
  /// What may have been meant instead.
  let suggestion: String?

  /// What is known of `word`; of an empty one, all settings of experiments and sweeps.
  init(_ word: String) {
    let places: [(title: String, exact: String?, loose: String?)] = [
      (
        "", ExperimentSpec.explanation(ofPath: word, .fadein), ExperimentSpec.explanation(of: word, .fadein)
      ),
      (
        "In a sweep file:\n\n", SweepSpec.explanation(ofPath: word, .fadein),
        SweepSpec.explanation(of: word, .fadein)
      ),
      ("In the tables of a run:\n\n", Self.columns { $0.isOf(word) }, Self.columns(with: word)),
    ]
    // A word that is a path or a column is not looked for in the middle of others.
    let isExact = !word.isEmpty && places.contains { $0.exact != nil }
    let found = places.compactMap { title, exact, loose in (isExact ? exact : loose).map { title + $0 } }
    text = found.isEmpty ? nil : found.joined(separator: "\n")
    suggestion = Self.suggestion(for: word)
  }

  private static func columns(with word: String) -> String? {
    let word = word.lowercased()
    guard !word.isEmpty else { return nil }
    return columns { $0.column.contains(word) } ?? columns { $0.meaning.lowercased().contains(word) }
  }

  private static func columns(_ isMeant: (ColumnMeaning) -> Bool) -> String? {
    let found = ColumnMeaning.all.filter(isMeant)
    return found.isEmpty ? nil : found.map { "\($0.column)\n  \($0.meaning)\n  a column of \($0.file)\n" }.joined(separator: "\n")
  }

  private static func suggestion(for word: String) -> String? {
    let columns = ColumnMeaning.all.map(\.column).filter { !$0.contains("<") }
    return EditDistance.closest(to: word, among: columns) ?? ExperimentSpec.settingLike(word, .fadein)
      ?? SweepSpec.settingLike(word, .fadein)
  }
}
