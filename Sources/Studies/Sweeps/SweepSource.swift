import Basics
import Foundation
import Kernels
import Models
import Spec

/// What a sweep is made of: its own file, and that of the experiment.
package struct SweepSource: Sendable {
  package let sweep: SweepSpec
  /// Both files as they were read.
  package let sweepText: String
  package let experimentText: String
  /// Where the experiment's file is or was: its data folder is relative to that.
  package let experimentPath: String

  /// Reads the sweep file at `path` and the experiment that it names.
  package init(path: String) throws(Diagnostics) {
    sweepText = try SpecFile.text(at: path)
    guard !SweepSpec.isExperiment(sweepText, path: path) else {
      throw Diagnostics(
        "this is an experiment, not a sweep file", file: path, note: "to train it: \(ShellCommand.text(["fadein", "run", path]))",
        exitCode: .badData
      )
    }
    sweep = try SweepSpec.read(text: sweepText, path: path, .fadein)
    experimentPath = sweep.experimentPath
    do {
      experimentText = try SpecFile.text(at: experimentPath)
    } catch {
      throw Diagnostics(
        error.items + [Diagnostic("the experiment of this sweep cannot be read", file: path)], exitCode: error.exitCode)
    }
    guard !SweepSpec.isMeant(by: experimentText, path: experimentPath) else {
      throw Diagnostics(
        "experiment is '\(sweep.experiment.shortened)', which is a sweep file itself", file: path,
        note: "give the file of an experiment, whose settings the parameters are", exitCode: .badData)
    }
  }

  /// The source with texts that were kept.
  init(sweepText: String, at path: String, experimentText: String, at experimentPath: String) throws(Diagnostics) {
    sweep = try SweepSpec.read(text: sweepText, path: path, .fadein)
    self.sweepText = sweepText
    self.experimentText = experimentText
    self.experimentPath = experimentPath
  }

  /// The experiment with `overrides` after those of the sweep.
  package func experiment(_ overrides: [String] = [], checkingFiles: Bool = false) throws(Diagnostics) -> ExperimentSpec {
    try ExperimentSpec.read(
      text: experimentText, path: experimentPath, overrides: sweep.overrides + overrides, language: .fadein,
      checkingFiles: checkingFiles)
  }

  /// The experiment for the making of many trials.
  func template() throws(Diagnostics) -> ExperimentTemplate {
    try ExperimentTemplate(
      text: experimentText, path: experimentPath, overrides: sweep.overrides, language: .fadein)
  }

  /// The experiments that `trials` run, in that order. Each thread reads the file once.
  func specs(of trials: [Trial]) -> [Result<ExperimentSpec, Diagnostics>] {
    Parallel.map(trials.count, threads: Lanes.available, state: { Result { () throws(Diagnostics) in try template() } }) {
      index, template in
      Result { () throws(Diagnostics) in try template.get().spec(overrides(of: trials[index])) }
    }
  }

  /// What `trial` changes in the experiment, on top of what all do.
  package func overrides(of trial: Trial) -> [String] {
    sweep.overrides(trial.values) + (sweep.repeats > 1 ? ["seed=\(trial.seed)"] : [])
  }

  /// Scalars of the longest label; a swept list may have a thousand names.
  private static let longestLabel = 200

  /// What `trial` changes, short enough to stand in a line: long values and long lists of settings are cut.
  package func label(of trial: Trial) -> String {
    let seeds = sweep.repeats > 1 ? ["seed=\(trial.seed)"] : []
    let parts = zip(sweep.paths, trial.values).map { "\($0)=\($1.shortened)" } + seeds
    var (label, shown) = ("", 0)
    for part in parts {
      guard shown == 0 || label.unicodeScalars.count + part.unicodeScalars.count < Self.longestLabel else { break }
      label += (shown == 0 ? "" : " ") + part
      shown += 1
    }
    return shown == parts.count ? label : label + " and \(parts.count - shown) more"
  }

  /// The experiment that `trial` runs.
  package func experiment(of trial: Trial) throws(Diagnostics) -> ExperimentSpec { try experiment(overrides(of: trial)) }

  /// The trials of `point`, one for each repeat, numbered from `number` on.
  func trials(of point: Point, number: Int, pointNumber: Int, firstSeed: UInt64) -> [Trial] {
    let values = sweep.values(of: point)
    let swept = sweep.paths.firstIndex(of: "seed").flatMap { UInt64(values[$0]) }
    return (0..<sweep.repeats).map { index in
      Trial(
        number: number + index, point: pointNumber, repeat: index + 1, seed: swept ?? firstSeed &+ UInt64(index), values: values)
    }
  }

  /// How many trials there are in all, known beforehand or not.
  package var trialCount: Int { sweep.strategy.count * sweep.repeats }

  /// How many sets of values there are, when the search asks for more.
  package var exhaustibleSets: Int? {
    let count = sweep.strategy.count
    return sweep.search.points ?? 0 > count ? count : nil
  }

  /// Every trial of a sweep that knows them beforehand; those of the first points of one that does not.
  package func plannedTrials() throws(Diagnostics) -> [Trial] {
    let seed = try experiment().seed
    return sweep.strategy.planned.enumerated().flatMap { index, point in
      trials(of: point, number: index * sweep.repeats + 1, pointNumber: index + 1, firstSeed: seed)
    }
  }
}
