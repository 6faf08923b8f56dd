import Basics
import Datasets
import Foundation
import Models
import Runs
import Spec
import Training

/// Runs one trial, in this process.
package struct TrialRunner {
  /// How the work on a trial ended.
  package enum End: Equatable, Sendable {
    /// There was nothing to do.
    case nothing
    /// The trial has its result, or has failed; either is on record.
    case settled(Trial)
    /// It was asked to stop; the trial continues from its checkpoint another time.
    case interrupted(Trial)
  }

  package let study: Study
  /// Threads to compute with.
  package let threads: Int
  /// This program's version.
  package let version: String
  /// How often a trial may fail and be tried again.
  package let retries: Int
  /// Where decoded images are kept; nil: nowhere.
  package let cache: ImageCache?
  /// How somebody outside ends the trial that is run.
  package var interruption = Interruption()

  package init(_ study: Study, threads: Int, version: String, retries: Int, cache: ImageCache? = nil) {
    self.study = study
    self.threads = threads
    self.version = version
    self.retries = retries
    self.cache = cache
  }

  /// Runs the trial `number`, or without a number the next one.
  package func run(_ number: Int?, sink: any ProgressSink, until shouldStop: @escaping (Int) -> StopReason?) throws -> End {
    guard let claimed = try study.claim(number) else { return .nothing }
    defer { withExtendedLifetime(claimed.lock) {} }
    let trial = claimed.trial
    do {
      let result = try train(trial, sink, shouldStop)
      // Nobody else may have seen what was decided about this trial.
      try study.keepRungs()
      guard let result else { return .interrupted(trial) }
      return .settled(try record(trial, result.status, iterations: result.iterations, result.detail))
    } catch let hopeless as Hopeless {
      return .settled(try record(trial, .failed, iterations: hopeless.iteration, hopeless.reason))
    } catch let busy as RunLock.Busy {
      // Somebody else trains it. It waits.
      throw busy
    } catch let other as TrialPlace.OtherImages {
      throw SweepImages.Changed(sweep: study.directory.path, differences: other.differences)
    } catch
      where error is MissingManifest || error is Study.Changed || error is Study.OtherBeginning
      || error is SweepImages.Disagreement
    {
      // What is wrong with the sweep's files is for somebody to put right.
      throw error
    } catch {
      if let machine = MachineFailure(error) { throw machine }
      // What somebody has taken away, or put in its way, is not the trial's failure either.
      if let error = error as? FileError { throw Displaced(trial: trial.number, reason: error.description) }
      // A trial that cannot go on with other images has not failed.
      try study.requireSameImages(study.source, [trial], threads: threads, cache: cache)
      return .settled(try study.recordFailure(of: trial, Self.words(error), retries: retries))
    }
  }

  /// Trains the trial from its current state. Returns nil if it was interrupted.
  private func train(_ trial: Trial, _ sink: any ProgressSink, _ shouldStop: @escaping (Int) -> StopReason?) throws
    -> (status: Trial.Status, iterations: Int, detail: String)?
  {
    let run = study.directory.run(trial)
    let spec = try study.source.experiment(of: trial)
    let (monitor, schedule) = (RungMonitor(study: study, trial: trial, schedule: Schedule(spec)), Schedule(spec))
    let place = try request(trial, spec, directory: run.path, number: trial.number)
    if try study.files.status(of: run.manifest) == nil {
      let prefix = try study.prefixIndex().prefix(of: trial)
      try clear(run, copied: prefix?.iteration)
      if let prefix {
        guard let origin = try PrefixRunner(self, sink, shouldStop).ensure(prefix, for: trial) else { return nil }
        try training(spec).fork(origin, at: prefix.iteration, place)
      }
    }
    var isBegun = try study.files.status(of: run.manifest) != nil
    if isBegun, let stop = try monitor.reason(through: try newest(run)) { return (.stopped, stop.iteration, stop.text) }
    var (stopped, trouble): ((iteration: Int, text: String)?, (any Error)?)
    let until: (Int) -> StopReason? = { iteration in
      do {
        if let text = try monitor.reason(after: iteration) {
          stopped = (iteration, text)
          return .requested(text)
        }
      } catch {
        trouble = error
        return .requested("the sweep's files cannot be used")
      }
      return shouldStop(iteration)
    }
    let outcome: Trainer.Outcome?
    do {
      if isBegun {
        outcome = try TrainingRun.resume(run, try resumption(of: run, spec), sink: sink, in: study.files, until: until)
      } else {
        isBegun = true
        outcome = try training(spec).begin(place, sink: sink, until: until).outcome
      }
    } catch let diverged as Trainer.Diverged {
      throw Hopeless(iteration: diverged.iteration, reason: diverged.description)
    }
    if let trouble { throw trouble }
    switch outcome {
    case nil, .finished?: return (.finished, schedule.iterations, "")
    case .stopped?: return stopped.map { (.stopped, $0.iteration, $0.text) }
    case .stoppedByRule(let firing)?: throw Hopeless(iteration: try newest(run), reason: "watch rule: \(firing)")
    }
  }

  /// A training of `spec` that ends when the trial is interrupted.
  func training(_ spec: ExperimentSpec) -> TrainingRun {
    var training = TrainingRun(spec, threads: threads, cache: cache, in: study.files)
    training.interruption = interruption
    return training
  }

  /// What a run of the sweep is asked for.
  func request(_ trial: Trial, _ spec: ExperimentSpec, directory: String, number: Int?) throws -> TrainingRun.Request {
    let source = study.source
    let overrides = source.overrides(of: trial)
    var request = TrainingRun.Request(
      runs: study.directory.path, label: source.label(of: trial), source: Array(source.experimentText.utf8),
      overrides: source.sweep.overrides + overrides, version: version)
    var place = TrialPlace(
      directory: directory, sweep: study.manifest.id, version: study.directory.version, number: number)
    place.images = try study.fixImages(of: spec, threads: threads, cache: cache)
    request.trial = place
    return request
  }

  /// How `run` goes on, which must be of `spec`. Its folder may have come from anybody, or have been moved together with its images.
  func resumption(of run: RunDirectory, _ spec: ExperimentSpec) throws -> TrainingRun.ResumeOptions {
    if let path = try study.stranger(in: run, to: spec) {
      throw UnusableFile(path, "it is not what the sweep says of this trial")
    }
    try study.requireListed(run, spec)
    var options = TrainingRun.ResumeOptions(threads: threads, version: version, cache: cache)
    options.imageFolder = spec.data.path
    options.interruption = interruption
    return options
  }

  /// Removes the directory of a run that was ended before anything was recorded: it could be neither resumed nor taken. Throws
  /// ``MissingManifest``, and removes nothing, when there is more than such a run leaves.
  /// - Parameter iteration: up to where it is copied from another run before it has begun, if it is.
  func clear(_ run: RunDirectory, copied iteration: Int?) throws {
    let files = study.files
    guard try files.status(of: run.path) != nil, try files.status(of: run.manifest) == nil else { return }
    try study.requireUnbegun(run, copied: iteration)
    try run.sweepTemporaries(files)
    for (folder, _) in run.numbered where try files.status(of: folder)?.kind == .directory {
      for name in try files.list(folder) { try files.remove(Path.join(folder, name)) }
    }
    for file in [run.metrics, run.timing, run.phases, run.evaluations, run.events]
    where try files.status(of: file)?.kind == .file {
      try files.remove(file)
    }
    run.abandon(files)
    guard try files.status(of: run.path) == nil else { throw MissingManifest(of: run, sign: run.path) }
  }

  /// The iteration of the newest checkpoint of `run`.
  private func newest(_ run: RunDirectory) throws -> Int {
    try CheckpointStore(run.checkpoints, keep: 1, in: study.files).iterations().last ?? 0
  }

  private func record(_ trial: Trial, _ status: Trial.Status, iterations: Int, _ detail: String) throws -> Trial {
    let value = try study.sweep.objective.flatMap {
      try study.directory.run(trial).lastValue(of: $0.metric, through: iterations, study.files)
    }
    return try study.update { table in
      (table[trial.number].status, table[trial.number].iterations) = (status, iterations)
      (table[trial.number].objective, table[trial.number].detail) = (value, detail)
      return table[trial.number]
    }
  }

  private static func words(_ error: any Error) -> String {
    let text = (error as? any UserFacingError).map { $0.diagnostics.items[0].message } ?? "\(error)"
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension TrialRunner {
  /// Somebody took away what a trial was being trained in, or put something in its place. The trial has not failed: it waits.
  package struct Displaced: UserFacingError, Equatable {
    package let trial: Int
    package let reason: String
    package var exitCode: ExitCode { .badData }
    package var description: String { "trial \(trial) waits to be trained again: \(reason)" }
  }
}

/// A training that would end in the same way each time.
struct Hopeless: Error {
  let iteration: Int
  let reason: String
}

extension Study {
  /// Puts a failure of `trial` on record: it waits to be tried again while it has failed no more than `retries` times.
  @discardableResult package func recordFailure(of trial: Trial, _ reason: String, retries: Int) throws -> Trial {
    try update { table in
      guard table[trial.number].status == .waiting else { return table[trial.number] }
      table[trial.number].failures += 1
      table[trial.number].detail = reason
      if table[trial.number].failures > retries { table[trial.number].status = .failed }
      return table[trial.number]
    }
  }
}
