/// What the spec needs to know of a way to search, or of a rule that stops trials. These live elsewhere and hand in their
/// declarations.
package struct MethodDeclaration: Sendable {
  /// As in the YAML: `random`, `asha`.
  package var name: String
  /// What it does, one sentence without a full stop.
  package var doc: String
  package var settings: [MethodSetting]
  /// Whether it looks at how trials went.
  package var needsObjective: Bool

  /// The declaration of the method `name`.
  package init(name: String, doc: String, settings: [MethodSetting] = [], needsObjective: Bool = false) {
    (self.name, self.doc, self.settings, self.needsObjective) = (name, doc, settings, needsObjective)
  }
}

/// One whole number that a method can be given.
package struct MethodSetting: Sendable {
  package var key: String
  /// What the number does, one sentence without a full stop.
  package var doc: String
  package var range: ClosedRange<Int>
  /// Nil for a number that must be given.
  package var `default`: Int?

  /// The setting `key`, which is `default` unless a sweep says otherwise.
  package init(key: String, doc: String, range: ClosedRange<Int>, default: Int? = nil) {
    (self.key, self.doc, self.range, self.default) = (key, doc, range, `default`)
  }
}

/// A method as a sweep names it, every default written out.
package struct MethodSpec: Equatable, Sendable {
  package var name: String
  package var settings: [String: Int]

  /// The method `name` with these settings.
  package init(name: String, settings: [String: Int] = [:]) { (self.name, self.settings) = (name, settings) }

  /// A setting that the method is known to have.
  package subscript(key: String) -> Int {
    get { settings[key] ?? 0 }
    set { settings[key] = newValue }
  }
}

/// What a sweep file can speak of: loss terms, ways to search, rules that stop trials.
package struct SweepVocabulary: Sendable {
  package var terms: [TermDeclaration]
  package var searches: [MethodDeclaration]
  package var stoppers: [MethodDeclaration]

  /// These words.
  package init(terms: [TermDeclaration], searches: [MethodDeclaration], stoppers: [MethodDeclaration]) {
    (self.terms, self.searches, self.stoppers) = (terms, searches, stoppers)
  }
}
