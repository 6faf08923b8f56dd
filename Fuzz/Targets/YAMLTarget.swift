import Basics
import Spec

/// Specs, with overrides in the lines that begin with `#=`.
enum YAMLTarget {
  private static let overrideMark = "#="

  /// Terms of the kinds there are: without settings, with one, with a range.
  private static let terms = [
    TermDeclaration(name: "wasserstein", network: .generator, doc: "a term"),
    TermDeclaration(name: "wasserstein", network: .discriminator, doc: "a term"),
    TermDeclaration(
      name: "drift", network: .discriminator, doc: "a term",
      settings: [
        TermSetting(key: "weight", doc: "a factor", range: .atLeast(0), default: 0.001),
        TermSetting(key: "target", doc: "a number", range: .above(0), default: 1),
      ]),
  ]

  /// What is refused is refused with words that a terminal shows, and a spec that is read repeats once it is written.
  static func run(_ bytes: [UInt8]) throws {
    do throws(Diagnostics) {
      let text = try SpecFile.string(from: bytes, file: "a.yaml")
      let overrides = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(overrideMark) }
      let spec = try read(text, overrides.map { String($0.dropFirst(overrideMark.count)) })
      let written = spec.yaml(terms: terms)
      try check(written)
    } catch {
      try check(error)
    }
  }

  private static func read(_ text: String, _ overrides: [String] = []) throws(Diagnostics) -> ExperimentSpec {
    try ExperimentSpec.read(text: text, path: "/specs/a.yaml", overrides: overrides, terms: terms)
  }

  private static func check(_ written: String) throws(Diagnostics) {
    let again = try read(written)
    guard again.yaml(terms: terms) == written else { throw Diagnostics("written twice, it differs", exitCode: .internalError) }
  }

  private static func check(_ error: Diagnostics) throws(BrokenLaw) {
    try BrokenLaw.unless(error.exitCode != .internalError, "a spec repeats: \(error.rendered)")
    try BrokenLaw.unless(!error.items.isEmpty, "a refusal has a reason")
    let isShowable = error.rendered.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl }
    try BrokenLaw.unless(isShowable, "a message has no control characters: \(error.rendered.debugDescription)")
  }
}
