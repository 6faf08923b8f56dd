import Basics
import Runs

/// Writes checkpoints on their cadence, at a stop and at the end, and then the final generator.
package final class CheckpointObserver: TrainingObserver {
  private let run: RunDirectory
  private let logs: RunLogs
  private let store: CheckpointStore
  private let files: any FileSystem

  package init(_ run: RunDirectory, _ logs: RunLogs, keep: Int, in files: any FileSystem) {
    (self.run, self.logs, self.files) = (run, logs, files)
    store = CheckpointStore(run.checkpoints, keep: keep, in: files)
  }

  package func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    switch event {
    case .iterated(let moment, let measurements, _):
      guard measurements.nonFinite == nil, moment.iteration % trainer.spec.record.checkpoints.every == 0,
        moment.iteration != trainer.schedule.iterations
      else { return }
      try save(trainer)
    case .stopped(let reason):
      try save(trainer)
      try logs.record(.interrupt, iteration: trainer.state.iteration, reason)
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
    let checkpoint = try trainer.state.checkpoint(feed: trainer.feed.state, lengths: lengths)
    // A stop may fall on the cadence.
    guard try store.iterations().last != checkpoint.iteration else { return }
    try store.save(checkpoint)
    try logs.record(.checkpoint, iteration: checkpoint.iteration, run.checkpoint(checkpoint.iteration))
  }
}
