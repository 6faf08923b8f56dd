import Basics

extension Node {
  /// Makes of what a file says what is read: brings it to this version of the language if it `isRecorded`, fills in what recipes say, and
  /// applies overrides. Returns what is wrong with them; throws when the file is in another version of the language.
  mutating func prepare(
    _ overrides: [String], from folder: String?, language: Language, isRecorded: Bool
  ) throws(Diagnostics) -> [Diagnostic] {
    if let version = FirstVersion(self) {
      guard isRecorded else { throw Diagnostics([version.refusal]) }
      self = version.upgraded
    }
    return apply(overrides, after: 0, from: folder, language)
  }

  /// Applies overrides, the first with the number after `number`, to what a spec and its recipes say. A recipe that one of them names comes
  /// first: other overrides reach into its lists.
  mutating func apply(_ overrides: [String], after number: Int, from folder: String? = nil, _ language: Language) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    var parsed: [Override] = []
    for (index, text) in overrides.enumerated() {
      do { parsed.append(try Override(text, number: number + index + 1).locating(from: folder)) } catch { problems += error.items }
    }
    for override in parsed where override.path.steps.last == "recipe" && override.path.steps.count == 2 {
      try? override.apply(to: &self)
    }
    completeNetworks(language.recipes)
    for override in parsed {
      do { try override.apply(to: &self) } catch { problems += error.items }
    }
    completeNetworks(language.recipes)
    return problems
  }
}
