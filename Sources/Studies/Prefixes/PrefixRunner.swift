import Basics
import Foundation
import Runs
import Spec
import Training

/// Trains what several trials have in common, once.
struct PrefixRunner {
  /// Seconds between two looks whether another process is done with a prefix.
  private static let pauseSeconds = 0.1

  private let runner: TrialRunner
  private let sink: any ProgressSink
  private let shouldStop: (Int) -> StopReason?

  init(_ runner: TrialRunner, _ sink: any ProgressSink, _ shouldStop: @escaping (Int) -> StopReason?) {
    self.runner = runner
    self.sink = sink
    self.shouldStop = shouldStop
  }

  /// The run of `prefix`, which stands at its end: trained here, or by another process while this one waits. Returns nil when
  /// somebody asked to stop. Throws ``Hopeless`` when it fails, and then settles every trial that has it, and ``Study/OtherBeginning``
  /// when another run stands in its place.
  func ensure(_ prefix: Prefix, for trial: Trial) throws -> RunDirectory? {
    let (study, run) = (runner.study, runner.study.directory.prefix(prefix.name))
    try study.requireUnbegun(run, copied: try study.prefixIndex().prefix(parentOf: prefix)?.iteration)
    try study.requireOwn(prefix)
    while true {
      if TrainingRun.stands(run, at: prefix.iteration, study.files) { return run }
      if let lock = try FileLock(trying: study.claim(prefix), study.files) {
        defer { withExtendedLifetime(lock) {} }
        // Whoever had the lock until now may have trained it.
        if TrainingRun.stands(run, at: prefix.iteration, study.files) { return run }
        return try train(prefix, run, for: trial) ? run : nil
      }
      if shouldStop(0) != nil { return nil }
      MonotonicClock.pause(Self.pauseSeconds)
    }
  }

  /// Trains `prefix` to its end. Returns false if it was asked to stop.
  private func train(_ prefix: Prefix, _ run: RunDirectory, for trial: Trial) throws -> Bool {
    let study = runner.study
    // Whoever trains it, it is what its first trial begins with: another worker may have to go on with it.
    let trial = try study.table().trials.first { $0.number == prefix.trials.first } ?? trial
    let parent = try study.prefixIndex().prefix(parentOf: prefix)
    try runner.clear(run, copied: parent?.iteration)
    let spec = try study.source.experiment(of: trial)
    let training = runner.training(spec)
    let request = try runner.request(trial, spec, directory: run.path, number: nil)
    var isBegun = try study.files.status(of: run.manifest) != nil
    if !isBegun, let name = prefix.parent {
      guard let parent else {
        throw UnusableFile(study.directory.prefixes, "its index has no '\(name)'")
      }
      guard let origin = try ensure(parent, for: trial) else { return false }
      try training.fork(origin, at: parent.iteration, request)
      isBegun = true
    }
    let until: (Int) -> StopReason? = { iteration in
      iteration >= prefix.iteration ? .requested("the end of what \(prefix.trials.count) trials share") : shouldStop(iteration)
    }
    do {
      let outcome: Trainer.Outcome?
      if isBegun {
        outcome = try TrainingRun.resume(run, try runner.resumption(of: run, spec), sink: sink, in: study.files, until: until)
      } else {
        outcome = try training.begin(request, sink: sink, until: until).outcome
      }
      if case .stoppedByRule(let firing) = outcome { throw Hopeless(iteration: 0, reason: "watch rule: \(firing)") }
    } catch let diverged as Trainer.Diverged {
      try settle(prefix, diverged.description, iteration: diverged.iteration)
      return false
    } catch let hopeless as Hopeless {
      try settle(prefix, hopeless.reason, iteration: hopeless.iteration)
      return false
    }
    if TrainingRun.stands(run, at: prefix.iteration, study.files) { return true }
    // Trained to its end, it still does not stand where the index says: nobody would ever get there.
    guard shouldStop(prefix.iteration) != nil else {
      throw UnusableFile(study.directory.prefixes, "its index has '\(prefix.name)' end after iteration \(prefix.iteration)")
    }
    return false
  }

  /// Every trial that has `prefix` would end as it did.
  private func settle(_ prefix: Prefix, _ reason: String, iteration: Int) throws {
    try runner.study.update { table in
      let known = prefix.trials.filter { table.trials.indices.contains($0 - 1) }
      for number in known where table[number].status == .waiting {
        (table[number].status, table[number].detail) = (.failed, reason)
        table[number].iterations = iteration
      }
    }
    throw Hopeless(iteration: iteration, reason: reason)
  }
}

extension Study {
  /// The file whose lock the process has that trains `prefix`.
  func claim(_ prefix: Prefix) -> String { Path.join(directory.claims, prefix.name) }
}
