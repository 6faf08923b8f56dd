import Basics

/// The checks of a sweep file that look at several settings together, or at the settings that an experiment has.
struct SweepChecks {
  let sweep: SweepSpec
  let root: Node
  let reader: FieldReader
  let language: Language

  /// Settings that make a run what it is within its sweep.
  private static let fixedPaths = ["version", "name"]

  /// What does not fit together.
  var mistakes: [Diagnostic] {
    var mistakes = ablation
    if sweep.ablate.isEmpty { mistakes += unknownPaths + overlaps }
    if reader.isSound("search") { mistakes += ranges }
    if ["search", "repeats", "parameters"].allSatisfy(reader.isSound) { mistakes += seeds + tooMany }
    if reader.isSound("objective"), sweep.objective == nil { mistakes += missingObjective }
    return mistakes
  }

  /// Trials differ in parameters or in named changes, whose names differ.
  private var ablation: [Diagnostic] {
    func entry(_ key: String) -> Node.Entry? { root.entries?.first { $0.key == key } }
    let (parameters, ablate) = (entry("parameters"), entry("ablate"))
    guard let ablate else {
      if let together = entry("together") {
        return [together.keyMark.error("together is about the changes of ablate, which is not there")]
      }
      guard parameters == nil else { return [] }
      let note = "what the trials differ in, by the dotted path of the setting; or ablate: a list of named changes"
      return [Mark(source: root.mark.source).error("parameters is missing", note: note)]
    }
    if let parameters {
      return [
        parameters.keyMark.error("parameters stands beside ablate", note: "a sweep has one of them: ablate tries each change alone")
      ]
    }
    guard reader.isSound("ablate") else { return [] }
    if let search = entry("search"), sweep.search.points != nil {
      return [search.keyMark.error("search chooses among parameters, but ablate tries every change", note: "leave it out")]
    }
    return sweep.ablate.indices.compactMap { index in
      let name = sweep.ablate[index].name
      let mark = root.nearest(to: SpecPath(steps: ["ablate", "\(index)", "name"])).mark
      if [SweepSpec.baseline, SweepSpec.all].contains(name) {
        return mark.error("ablate.\(index).name is '\(name)', which is what no change and all of them are called")
      }
      if let first = sweep.ablate[..<index].firstIndex(where: { $0.name == name }) {
        return mark.error("ablate.\(index).name is '\(name.shortened)', as that of ablate.\(first)")
      }
      if Set(sweep.ablate[index].changes).count < sweep.ablate[index].changes.count {
        return mark.error("ablate.\(index) makes a change twice")
      }
      return nil
    } + seedChanges(ablate)
  }

  /// Seeds are what repeats differ in, and what pairs runs with those of the baseline.
  private func seedChanges(_ ablate: Node.Entry) -> [Diagnostic] {
    let fixed = Self.fixedPaths + ["seed"]
    return sweep.changedPaths.filter(fixed.contains).map {
      ablate.keyMark.error("'\($0)' cannot differ between the trials of an ablation")
    }
  }

  /// Parameters and overrides are settings of an experiment.
  private var unknownPaths: [Diagnostic] {
    let known = KnownPaths(ExperimentSpec.schema(language).settings)
    let settings = known.paths
    let names = settings.map { $0.joined(separator: ".") }
    return sweep.paths.compactMap { path -> Diagnostic? in
      if Self.fixedPaths.contains(path) { return mark(path).error("'\(path)' cannot differ between the trials of a sweep") }
      let steps = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard !settings.contains(where: { Self.matches(steps, $0) }) else { return nil }
      let numbered = steps.map { $0.allSatisfy(\.isNumber) ? "N" : $0 }.joined(separator: ".")
      let ending = names.filter { $0.hasSuffix("." + numbered) }
      let suggestion =
        (ending.count == 1 ? ending[0] : nil) ?? EditDistance.closest(to: numbered, among: names).map {
          Self.numbered($0, like: steps)
        }
        ?? FieldReader(known).knownPath(to: steps.last ?? "")
      return mark(path).error("'\(path.shortened)' is not a setting of an experiment", suggestion: suggestion)
    }
  }

  /// Whether `steps` lead to the setting, to something above it, or into its list.
  private static func matches(_ steps: [String], _ setting: [String]) -> Bool {
    let isAlike = zip(steps, setting).allSatisfy { step, name in name == "N" ? isIndex(step) : step == name }
    return isAlike && steps.dropFirst(setting.count).allSatisfy(isIndex)
  }

  private static func isIndex(_ step: String) -> Bool { !step.isEmpty && step.utf8.allSatisfy { (0x30...0x39).contains($0) } }

  /// A setting's path with the numbers of `steps` in the place of `N`.
  private static func numbered(_ path: String, like steps: [String]) -> String {
    let names = path.split(separator: ".").map(String.init)
    return names.enumerated().map { index, name in
      name == "N" && steps.indices.contains(index) && isIndex(steps[index]) ? steps[index] : name
    }.joined(separator: ".")
  }

  /// No setting is changed twice, nor a part of another.
  private var overlaps: [Diagnostic] {
    let paths = sweep.paths
    return paths.indices.compactMap { index in
      let path = paths[index]
      guard let other = paths[..<index].first(where: { $0 == path || ($0 + ".").hasPrefix(path + ".") || path.hasPrefix($0 + ".") })
      else { return nil }
      return mark(path).error(other == path ? "'\(path)' is there twice" : "'\(path)' and '\(other)' overlap")
    }
  }

  /// A grid has no ranges.
  private var ranges: [Diagnostic] {
    guard sweep.search.points == nil else { return [] }
    return sweep.parameters.filter { $0.count == nil }.map { parameter in
      mark(parameter.paths[0]).error(
        "'\(parameter.paths[0])' is a range, and a grid needs values", note: "give values, or search: {random: {trials: 20}}")
    }
  }

  private var seeds: [Diagnostic] {
    guard sweep.repeats > 1, sweep.paths.contains("seed") else { return [] }
    return [mark("seed").error("'seed' is what the repeats differ in", note: "leave out repeats, or seed")]
  }

  /// Products and trials stay within reason. Nothing is multiplied out before this is known.
  private var tooMany: [Diagnostic] {
    let most = SweepSpec.mostTrials
    let isGrid = sweep.search.points == nil
    let factors = (sweep.search.points.map { [$0] } ?? sweep.parameters.compactMap(\.count)) + [sweep.repeats]
    var product = 1
    for factor in factors {
      let (result, overflow) = product.multipliedReportingOverflow(by: factor)
      product = overflow ? Int.max : result
    }
    guard product > most else { return [] }
    let text = factors.map(String.init).joined(separator: " x ")
    let place = root.nearest(to: SpecPath(steps: [isGrid ? "parameters" : "search"]))
    return [
      (place.label ?? place.mark).error("these are \(text) trials, more than \(most)", note: "random takes as many as you say")
    ]
  }

  private var missingObjective: [Diagnostic] {
    guard sweep.search.isAdaptive || sweep.stopping != nil else { return [] }
    let what = sweep.stopping?.key ?? sweep.search.key
    return [
      Mark(source: root.mark.source).error(
        "objective is missing", note: "\(what) compares trials: objective: {metric: swd_mean, goal: minimize}")
    ]
  }

  /// The place of a parameter's key.
  private func mark(_ path: String) -> Mark {
    let parameters = root.nearest(to: SpecPath(steps: ["parameters"]))
    let zipped = parameters.nearest(to: SpecPath(steps: ["zip"]))
    for entries in [parameters.entries, zipped.entries] {
      if let entry = entries?.first(where: { $0.key == path }) { return entry.keyMark }
    }
    return parameters.mark
  }
}
