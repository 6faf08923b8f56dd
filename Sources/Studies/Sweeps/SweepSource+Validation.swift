import Basics
import Models
import Spec

extension SweepSource {
  /// Trials whose mistakes are shown; more would say the same.
  private static let shownTrials = 5

  /// Checks the experiment and every trial of `trials`, whether its objective is measured among them; of an adaptive sweep also the borders of its space.
  /// - Throws: what is wrong, each trial named with its values.
  package func validate(_ trials: [Trial], path: String, checkingFiles: Bool = true) throws(Diagnostics) {
    let base = try experiment(checkingFiles: checkingFiles)
    try checkSeeds(from: base.seed, path: path)
    let template = try template()
    var (mistakes, wrong, checked): ([Diagnostic], Int, Int) = ([], 0, 0)
    var measurement = Set<[String?]>()
    func check(_ name: String, _ overrides: [String], _ read: Result<ExperimentSpec, Diagnostics>) {
      checked += 1
      do throws(Diagnostics) {
        let spec = try read.get()
        guard let mistake = measurementMistake(in: spec, file: path) else { return }
        measurement.insert([mistake.message, mistake.note])
        throw Diagnostics([mistake])
      } catch {
        wrong += 1
        guard wrong <= Self.shownTrials else { return }
        let head = "\(name) would be invalid, with \(overrides.joined(separator: " ")): "
        mistakes += error.items.map { Diagnostic(head + $0.message, file: path, note: $0.note, suggestion: $0.suggestion) }
      }
    }
    for (trial, read) in zip(trials, specs(of: trials)) { check("trial \(trial.number)", overrides(of: trial), read) }
    if sweep.search.isAdaptive {
      for point in borders {
        let overrides = sweep.overrides(sweep.values(of: point))
        check("a trial", overrides, Result { () throws(Diagnostics) in try template.spec(overrides) })
      }
    }
    // What is wrong with every trial is said once.
    if wrong == checked, measurement.count == 1,
      let mistake = measurementMistake(in: base, file: path), measurement.contains([mistake.message, mistake.note])
    {
      throw Diagnostics([mistake])
    }
    if mistakes.isEmpty { mistakes = equalChoices(trials, file: path) }
    if wrong > Self.shownTrials { mistakes.append(Diagnostic("and \(wrong - Self.shownTrials) more trials", file: path)) }
    guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
  }

  /// Throws when the repeats have no seeds: after the highest there is no next one.
  private func checkSeeds(from seed: UInt64, path: String) throws(Diagnostics) {
    guard sweep.repeats > 1, seed.addingReportingOverflow(UInt64(sweep.repeats - 1)).overflow else { return }
    throw Diagnostics([
      SweepSpec.mistake(
        at: "repeats", in: sweepText, path: path,
        "'repeats' is \(sweep.repeats), and no seeds follow \(seed): each repeat has the next one",
        note: "begin with a seed of at most \(UInt64.max - UInt64(sweep.repeats - 1))")
    ])
  }

  /// Points with one parameter at a border of its space, or at one of its choices, and the others at their first values.
  private var borders: [Point] {
    let ends = sweep.parameters.map(\.ends)
    return ends.indices.flatMap { index in
      ends[index].map { end in Point(ends.indices.map { $0 == index ? end : ends[$0][0] }) }
    }
  }
}

extension ParameterSpec {
  /// The coordinates at the borders, or of each choice.
  fileprivate var ends: [Double] {
    switch space {
    case .choices(let choices): choices.indices.map(Double.init)
    case .integers(let range): [Double(range.lowerBound), Double(range.upperBound)]
    case .uniform(let range), .logUniform(let range): [range.lowerBound, range.upperBound]
    }
  }
}
