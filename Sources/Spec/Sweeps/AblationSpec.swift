/// An item of `ablate`: changes to the experiment that belong together, and what they are called.
///
///     let drift = AblationSpec(name: "no drift", changes: ["~loss.discriminator.drift"])
///     drift.paths                     // ["loss.discriminator.drift"]
package struct AblationSpec: Equatable, Sendable {
  /// What tables call it.
  package var name: String
  /// Overrides, as on the command line.
  package var changes: [String]

  package init(name: String, changes: [String]) { (self.name, self.changes) = (name, changes) }

  /// Paths of the settings that it changes.
  package var paths: [String] { changes.map(Self.path) }

  /// The path in the text of an override.
  package static func path(of change: String) -> String { String(change.drop { $0 == "~" }.prefix { $0 != "=" }) }
}

extension SweepSpec {
  /// What stands in the place of a setting's path where trials differ in named changes.
  package static let changePath = "change"
  /// What the variant without any change is called, and the one with all of them.
  package static let (baseline, all) = ("baseline", "all")

  package var isAblation: Bool { !ablate.isEmpty }

  /// What an ablation tries: the experiment as it is, each change alone, and all of them if that is asked for.
  package var variants: [AblationSpec] {
    let all = AblationSpec(name: Self.all, changes: ablate.flatMap(\.changes))
    return [AblationSpec(name: Self.baseline, changes: [])] + ablate + (together ? [all] : [])
  }

  /// What overrides say where each of ``paths`` has one of `values`.
  package func overrides(_ values: [String]) -> [String] {
    guard isAblation else { return zip(paths, values).map { "\($0)=\($1)" } }
    return variants.first { $0.name.utf8.elementsEqual(values[0].utf8) }?.changes ?? []
  }

  /// The paths of all settings that trials may change.
  package var changedPaths: [String] { isAblation ? ablate.flatMap(\.paths) : paths }

  /// Makes the variants of an ablation the values of its one parameter.
  mutating func resolveAblation() {
    guard isAblation else { return }
    parameters = [ParameterSpec(paths: [Self.changePath], space: .choices(variants.map { [$0.name] }))]
  }
}
