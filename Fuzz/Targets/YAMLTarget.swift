import Basics
import Spec
import Studies

/// Specs, with overrides in the lines that begin with `#=`.
enum YAMLTarget {
  private static let overrideMark = "#="

  /// What is refused is refused with words that a terminal shows, and a spec that is read repeats once it is written.
  static func run(_ bytes: [UInt8]) throws {
    do throws(Diagnostics) {
      let text = try SpecFile.string(from: bytes, file: "a.yaml")
      let overrides = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(overrideMark) }
      let spec = try read(text, overrides.map { String($0.dropFirst(overrideMark.count)) })
      let written = spec.yaml
      try check(written)
    } catch {
      try check(error)
    }
  }

  private static func read(_ text: String, _ overrides: [String] = []) throws(Diagnostics) -> ExperimentSpec {
    try ExperimentSpec.read(text: text, path: "/specs/a.yaml", overrides: overrides, language: .fadein)
  }

  private static func check(_ written: String) throws(Diagnostics) {
    let again = try read(written)
    guard again.yaml == written else { throw Diagnostics("written twice, it differs", exitCode: .internalError) }
  }

  private static func check(_ error: Diagnostics) throws(BrokenLaw) {
    try BrokenLaw.unless(error.exitCode != .internalError, "a spec repeats: \(error.rendered)")
    try BrokenLaw.unless(!error.items.isEmpty, "a refusal has a reason")
    let isShowable = error.rendered.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl }
    try BrokenLaw.unless(isShowable, "a message has no control characters: \(error.rendered.debugDescription)")
  }
}
