import Basics
import Models
import Runs
import Spec

/// Writes checkpoints on their cadence, at a stop and at the end, and then the final generator.
package final class CheckpointObserver: TrainingObserver {
  private let run: RunDirectory
  private let logs: RunLogs
  private let store: CheckpointStore
  private let files: any FileSystem
  /// The iteration whose state is safe already.
  private var saved: Int?

  /// - Parameter saved: the iteration of the checkpoint that the training continues from.
  package init(_ run: RunDirectory, _ logs: RunLogs, keep: Int, saved: Int? = nil, in files: any FileSystem) {
    (self.run, self.logs, self.saved, self.files) = (run, logs, saved, files)
    store = CheckpointStore(run.checkpoints, keep: keep, in: files)
  }

  package func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    switch event {
    case .settled(let moment):
      let isDue = moment.iteration % trainer.spec.record.checkpoints.every == 0
      if isDue && moment.iteration != trainer.schedule.iterations { try save(trainer) }
    case .stopped(let reason):
      try save(trainer)
      let event = if case .interrupted = reason { RunEvent.interrupt } else { RunEvent.stop }
      try logs.record(event, iteration: trainer.state.iteration, reason.description)
    case .finished:
      try save(trainer)
      try Safetensors.write(
        trainer.state.generatorTensors, metadata: ["resolution": "\(trainer.schedule.phases.last!.resolution)"], to: run.generator,
        in: files)
      try logs.record(.finish, iteration: trainer.state.iteration)
    default: break
    }
  }

  private func save(_ trainer: Trainer) throws {
    let lengths = try logs.synchronize()
    // A stop may fall on the cadence. Which files are there says nothing: one may be damaged, and be why this training resumed.
    guard saved != trainer.state.iteration else { return }
    let checkpoint = try trainer.state.checkpoint(
      feed: trainer.feed.state, lengths: lengths, spec: trainer.spec.yaml(terms: LossCatalog.declarations))
    try store.save(checkpoint)
    saved = checkpoint.iteration
    try logs.record(.checkpoint, iteration: checkpoint.iteration, "checkpoints/\(CheckpointStore.name(checkpoint.iteration))")
  }
}
