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
    var mistakes = unknownPaths + overlaps
    if reader.isSound("parameters"), reader.isSound("ablate") { mistakes += ways }
    if ["ablate", "together", "search", "stopping"].allSatisfy(reader.isSound) { mistakes += ablation + names }
    if reader.isSound("search") { mistakes += ranges }
    if ["search", "repeats", "parameters"].allSatisfy(reader.isSound) { mistakes += seeds + tooMany }
    if reader.isSound("objective"), sweep.objective == nil { mistakes += missingObjective }
    return mistakes
  }

  /// A sweep has parameters, or it is an ablation.
  private var ways: [Diagnostic] {
    let keys = (root.entries ?? []).filter { ["parameters", "ablate"].contains($0.key) }
    if keys.count == 2 {
      return [keys[1].keyMark.error("a sweep has parameters or ablate, and this one has both", note: "make two sweeps of them")]
    }
    guard keys.isEmpty else { return [] }
    return [
      Mark(source: root.mark.source).error(
        "parameters is missing", note: "what the trials differ in, by the dotted path of the setting; or ablate, named changes")
    ]
  }

  /// What an ablation cannot have, and what nothing but an ablation can.
  private var ablation: [Diagnostic] {
    func key(_ name: String) -> Mark? { root.entries?.first { $0.key == name }?.keyMark }
    guard sweep.isAblation else {
      guard let mark = key("together"), key("ablate") == nil else { return [] }
      return [mark.error("together is about the changes of ablate, and there are none", note: "leave out together, or add ablate")]
    }
    var mistakes: [Diagnostic] = []
    if sweep.search.points != nil, let mark = key("search") {
      mistakes.append(mark.error("search chooses values, and ablate has none to choose", note: "leave out search"))
    }
    if sweep.stopping != nil, let mark = key("stopping") {
      mistakes.append(
        mark.error("stopping ends some trials early, and ablate compares all of them at their ends", note: "leave out stopping"))
    }
    if sweep.together, sweep.ablate.count == 1, let mark = key("together") {
      mistakes.append(
        mark.error("together is what '\(sweep.ablate[0].name)' is alone", note: "leave out together, or add a change"))
    }
    for (number, change) in sweep.ablate.enumerated() {
      for (index, path) in change.paths.enumerated() where (Self.fixedPaths + ["seed"]).contains(path) {
        let place = root.nearest(to: SpecPath(steps: ["ablate", "\(number)", "changes", "\(index)"]))
        let reason = path == "seed" ? "repeats give each change the same seeds" : nil
        mistakes.append(place.mark.error("'\(path)' cannot differ between the trials of an ablation", note: reason))
      }
    }
    return mistakes
  }

  /// Changes go by their names, so no two have the same.
  private var names: [Diagnostic] {
    var first: [[UInt8]: Int] = [:]
    return sweep.ablate.enumerated().compactMap { number, change in
      let mark = root.nearest(to: SpecPath(steps: ["ablate", "\(number)", "name"])).mark
      if let (reason, note) = change.nameMistake { return mark.error("ablate.\(number).name: \(reason)", note: note) }
      let name = Array(change.name.utf8)
      guard let other = first[name] else {
        first[name] = number
        return nil
      }
      return mark.error(
        "ablate.\(number).name: '\(change.name)' is the name of ablate.\(other)", note: "give one of them another name")
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
    let factors =
      (sweep.search.points.map { [$0] } ?? (sweep.isAblation ? [sweep.variants.count] : sweep.parameters.compactMap(\.count)))
      + [sweep.repeats]
    var product = 1
    for factor in factors {
      let (result, overflow) = product.multipliedReportingOverflow(by: factor)
      product = overflow ? Int.max : result
    }
    guard product > most else { return [] }
    let text = factors.map(String.init).joined(separator: " x ")
    let place = root.nearest(to: SpecPath(steps: [sweep.isAblation ? "ablate" : isGrid ? "parameters" : "search"]))
    return [
      (place.label ?? place.mark).error(
        "these are \(text) trials, more than \(most)",
        note: sweep.isAblation ? "make several sweeps" : "random takes as many as you say")
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
