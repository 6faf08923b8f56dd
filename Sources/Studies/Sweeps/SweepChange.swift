import Basics
import Datasets
import Models
import Spec
import Training

/// How a sweep file relates to a sweep that was begun before.
package enum SweepChange: Equatable, Sendable {
  /// It says the same.
  case same
  /// It says the same and asks for these trials as well; an adaptive search for so many more sets of values.
  case extended([Trial], more: Int)
  /// It says something else, in these settings.
  case different([String])

  /// What `source` with its `trials` is to `study`.
  package init(_ source: SweepSource, _ trials: [Trial], to study: Study) throws {
    let (old, new) = (study.sweep, source.sweep)
    var differences: [String] = []
    func compare<Value: Equatable>(_ name: String, _ value: (SweepSpec) -> Value) {
      if value(old) != value(new) { differences.append(name) }
    }
    // Where the images are is no difference: what they are is compared elsewhere.
    func experiment(_ source: SweepSource) throws -> String {
      var spec = try source.experiment()
      spec.data.path = ""
      return spec.yaml
    }
    if try experiment(study.source) != experiment(source) {
      differences.append("the experiment")
    }
    compare("parameters") { $0.paths }
    if new.search.points != nil { compare("parameters") { $0.parameters } }
    // Changes may join, not become others.
    for change in old.ablate where new.ablate.first(where: { $0.name == change.name }) != change || old.together && !new.together {
      differences.append("ablate")
    }
    if old.together, new.ablate != old.ablate { differences.append("ablate") }
    compare("search") { $0.search.key }
    compare("search.\(new.search.key).seed") { $0.strategy.seed }
    compare("objective") { $0.objective }
    compare("stopping") { $0.stopping }
    if new.search.isAdaptive { compare("repeats") { $0.repeats } }
    let table = try study.table()
    let (rest, missing) = Self.rest(of: trials, table.trials)
    if differences.isEmpty, !new.search.isAdaptive, missing { differences.append("fewer trials") }
    let more = new.strategy.count - old.strategy.count
    if new.search.isAdaptive, more < 0 { differences.append("fewer trials") }
    guard differences.isEmpty else {
      self = .different(differences.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
      return
    }
    if new.search.isAdaptive {
      self = more == 0 ? .same : .extended([], more: more)
    } else {
      self = rest.isEmpty ? .same : .extended(rest, more: rest.count)
    }
  }

  /// The trials of `new` that are not among `old`, renumbered to follow these; and whether one of `old` is not in `new`.
  private static func rest(of new: [Trial], _ old: [Trial]) -> (rest: [Trial], missing: Bool) {
    struct Key: Hashable {
      let values: [[UInt8]]
      let `repeat`: Int
      init(_ trial: Trial) { (values, `repeat`) = (Self.values(of: trial), trial.repeat) }
      /// By bytes: as strings, two spellings of a name are equal.
      static func values(of trial: Trial) -> [[UInt8]] { trial.values.map { Array($0.utf8) } }
    }
    let known = Set(old.map(Key.init))
    var points = Dictionary(old.map { (Key.values(of: $0), $0.point) }) { first, _ in first }
    var (number, point) = (old.count, old.map(\.point).max() ?? 0)
    let rest = new.filter { !known.contains(Key($0)) }.map { trial in
      var trial = trial
      number += 1
      trial.number = number
      let values = Key.values(of: trial)
      if points[values] == nil {
        point += 1
        points[values] = point
      }
      trial.point = points[values]!
      return trial
    }
    return (rest, !known.isSubset(of: Set(new.map(Key.init))))
  }
}

extension Study {
  /// Takes over the sweep file of `source`, which says the same as before and asks for `trials` as well. What other images these use
  /// is fixed; they are read with `threads` and `cache`.
  package func extend(_ source: SweepSource, _ trials: [Trial], threads: Int = 1, cache: ImageCache? = nil) throws -> Study {
    let images = try SweepImages.uses(of: source, trials).filter { try fixedImages($0) == nil }
      .map { ($0, try SweepImages.now($0, threads: threads, cache: cache)) }
    try update { table in
      table.trials += trials
      var manifest = manifest
      for (use, rows) in images { try manifest.fix(rows, of: use, in: directory, files) }
      try write(source, PrefixIndex(source, table.trials), manifest)
    }
    return try Study(directory, files)
  }
}
