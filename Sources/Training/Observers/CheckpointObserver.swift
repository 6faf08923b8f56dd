import Basics
import Datasets
import Foundation
import Models
import Runs
import Spec

/// Writes checkpoints on their cadence and where a rule asks for one, at a stop and at the end, and then the final generator.
///
/// The training waits only while its state is copied. Hashing, writing and waiting for the disk are done in the background, one
/// checkpoint at a time; a failure is thrown after the iteration in which it is noticed. The end of a phase and every end of
/// the training wait for it.
package final class CheckpointObserver: TrainingObserver {
  /// What became of a checkpoint.
  private enum Outcome: Sendable {
    case written(Int)
    /// Nothing was written: the weights are spoiled.
    case notFinite(Int)
  }

  private let run: RunDirectory
  private let logs: RunLogs
  private let store: CheckpointStore
  private let files: any FileSystem
  private let settings: CheckpointsSpec
  private let snapshot = CheckpointSnapshot()
  private let job = BackgroundJob<Outcome>()

  /// About the last iteration.
  private var notes = CheckpointNotes()
  private var isFinite = true
  /// Whether a rule asks for a checkpoint of the iteration whose event comes next.
  private var isAskedFor = false
  /// What was measured of the iteration whose event comes next.
  private var evaluation: [String: String] = [:]
  /// The iteration of the last checkpoint that was begun, or that the training continues from. Which files are there says
  /// nothing: one may be damaged, and be why this training resumed.
  private var last: Int?

  /// - Parameter saved: the iteration of the checkpoint that the training continues from.
  package init(_ run: RunDirectory, _ logs: RunLogs, _ settings: CheckpointsSpec, saved: Int? = nil, in files: any FileSystem) {
    self.run = run
    self.logs = logs
    self.settings = settings
    self.files = files
    (last, store) = (saved, CheckpointStore(run.checkpoints, keep: settings.keep, in: files))
  }

  package func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    switch event {
    case .began:
      // A process that was killed after it had written this checkpoint may have left those that it replaces.
      if let last { try store.removeSurplus(of: last, CheckpointRetention(trainer.spec, trainer.state)) }
      // What a roll back before the first checkpoint returns to.
      if trainer.state.iteration == 0, last != 0, trainer.watch.rollsBack { try save(trainer) }
    case .watched(let firing): if firing.decision.step == .checkpoint { isAskedFor = true }
    case .evaluated(let row, _): evaluation = row.texts(EvaluationColumns(trainer.spec).measured)
    case .iterated(_, let row, _):
      try settle(waiting: false)
      let metrics = row.texts(trainer.columns.all)
      notes = CheckpointNotes(metrics: metrics.merging(evaluation) { $1 }, cause: isAskedFor ? .rule : nil)
      (isAskedFor, evaluation) = (false, [:])
      isFinite = trainer.nonFinite(row) == nil
    case .settled(let moment): try settled(moment, trainer)
    case .stopped(let reason):
      try saveFinally(trainer, .stop)
      let event = if case .interrupted = reason { RunEvent.interrupt } else { RunEvent.stop }
      try logs.record(event, iteration: trainer.state.iteration, reason.description)
    case .finished:
      guard try saveFinally(trainer) else {
        throw Trainer.Diverged(iteration: trainer.state.iteration, cause: .weights)
      }
      try Safetensors.write(
        trainer.state.generatorTensors, metadata: ["resolution": "\(trainer.schedule.phases.last!.resolution)"], to: run.generator,
        in: files)
    default: break
    }
  }

  /// Waits for the checkpoint under way, if there is one, and throws if it fails.
  package func settle() throws { try settle(waiting: true) }

  /// Begins with a checkpoint where one is due. What a phase has left is on the disk before its end is reported.
  private func settled(_ moment: Schedule.Moment, _ trainer: Trainer) throws {
    let endsPhase = moment.iteration == moment.phase.lastIteration
    let isDue = notes.cause == .rule || moment.iteration % settings.every == 0 || (endsPhase && settings.phases)
    if isDue, isFinite, moment.iteration != trainer.schedule.iterations { try save(trainer) }
    if endsPhase { try settle(waiting: true) }
  }

  /// Begins with a checkpoint of the present state, after the one before it is done.
  private func save(_ trainer: Trainer) throws {
    try settle(waiting: true)
    let (lengths, open) = try logs.flush()
    snapshot.fill(
      from: try trainer.state.checkpoint(
        feed: trainer.feed.state, lengths: lengths, spec: trainer.spec.yaml, notes: notes))
    last = trainer.state.iteration
    job.begin {
      [
        snapshot, store, files, variables = trainer.state.variables, retention = CheckpointRetention(trainer.spec, trainer.state)
      ] in
      let checkpoint = snapshot.checkpoint
      guard checkpoint.isFinite(variables) else { return .notFinite(checkpoint.iteration) }
      for file in open { try files.synchronize(file) }
      try files.createDirectories(store.folder)
      try store.save(checkpoint, retention)
      return .written(checkpoint.iteration)
    }
  }

  /// Waits for a checkpoint of the present state. Returns false when there cannot be one, because it is spoiled.
  @discardableResult private func saveFinally(_ trainer: Trainer, _ cause: CheckpointNotes.Cause? = nil) throws -> Bool {
    guard isFinite else {
      try settle(waiting: true)
      return false
    }
    // A stop may fall on the cadence.
    if last != trainer.state.iteration {
      notes.cause = cause
      try save(trainer)
    }
    if case .notFinite = try settle(waiting: true) { return false }
    return true
  }

  /// Notes what became of the checkpoint under way, if it is done or with `waiting` when it is.
  @discardableResult private func settle(waiting: Bool) throws -> Outcome? {
    let outcome = try job.take(waiting: waiting)
    if case .written(let iteration) = outcome {
      try logs.record(.checkpoint, iteration: iteration, "checkpoints/\(CheckpointStore.name(iteration))")
    }
    return outcome
  }
}

extension CheckpointObserver: Rewinder {
  /// There is no regular checkpoint to return to.
  package struct NothingBefore: UserFacingError {
    package let iteration: Int
    package var exitCode: ExitCode { .ioError }
    package var description: String { "cannot roll back: no regular checkpoint from before iteration \(iteration) is left" }
  }

  /// Returns to the newest regular checkpoint from before `onset`. All later ones and the rows after it are gone on return, in
  /// this order: at any moment between, the newest checkpoint fits the files.
  package func rewind(_ state: TrainingState, _ feed: BatchPrefetcher, before onset: Int) throws {
    try settle(waiting: true)
    let all = try store.iterations()
    guard let iteration = CheckpointRetention.regular(before: onset, every: settings.every, among: all) else {
      throw NothingBefore(iteration: onset)
    }
    let checkpoint = try store.open(iteration)
    let lengths = try state.restore(checkpoint, feed)
    try store.removeAll(after: iteration)
    try logs.cut(to: lengths)
    try logs.record(.watch, iteration: iteration, "back at checkpoints/\(CheckpointStore.name(iteration))")
    (last, isFinite, isAskedFor) = (iteration, true, false)
    notes = CheckpointNotes(metadata: checkpoint.file.metadata)
  }
}

extension CheckpointRetention {
  /// Which checkpoints of a run of `spec` stay when its training is at `state`.
  package init(_ spec: ExperimentSpec, _ state: TrainingState) {
    let (settings, schedule) = (spec.record.checkpoints, Schedule(spec))
    self.init(newest: settings.keep)
    if settings.phases { always = Set(schedule.phases.map(\.lastIteration)) }
    // Weights of another run cannot be drawn again.
    if state.earlier > 0 { always.insert(0) }
    best = settings.best.map { Best(column: $0.column, isLowest: $0.order == .min) }
    every = settings.every
    onsets = Watch(spec).onsets(after: state.iteration, state.watch)
    isFinished = state.iteration == schedule.iterations
  }
}
