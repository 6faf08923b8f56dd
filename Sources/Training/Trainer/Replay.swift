import Basics
import Datasets
import Evaluation
import Models
import Runs
import Spec

/// Keeps of a training in memory what a run keeps in its directory: the lines of `metrics.csv` and `evaluations.csv`, the images of
/// the phases, and the states that a roll back returns to.
final class Replay: TrainingObserver, Rewinder {
  private(set) var rows: [(iteration: Int, line: String)] = []
  private(set) var evaluations: [(iteration: Int, line: String)] = []
  /// Images that were shown in each phase that has ended, by its number.
  private(set) var shown: [Int: Int] = [:]
  /// Iterations between two regular checkpoints.
  let every: Int

  private var kept: [(state: TrainingState, place: FeedState)] = []
  private var isFinite = true

  init(every: Int) { self.every = every }

  func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    switch event {
    case .began: if kept.isEmpty { try keep(trainer) }
    case .evaluated(let row, _): evaluations.append((row.iteration, row.line(EvaluationColumns(trainer.spec).all)))
    case .iterated(_, let row, _):
      isFinite = trainer.nonFinite(row) == nil
      if trainer.isRecorded(row) { rows.append((row.iteration, row.line(trainer.columns.all))) }
    case .phaseEnded(let phase, _): shown[phase.number] = trainer.state.images.inPhase
    case .settled(let moment): if moment.iteration % every == 0, isFinite { try keep(trainer) }
    default: break
    }
  }

  func rewind(_ state: TrainingState, _ feed: BatchPrefetcher, before onset: Int) throws {
    guard let target = CheckpointRetention.regular(before: onset, every: every, among: kept.map(\.state.iteration)) else {
      throw CheckpointObserver.NothingBefore(iteration: onset)
    }
    kept.removeAll { $0.state.iteration > target }
    rows.removeAll { $0.iteration > target }
    evaluations.removeAll { $0.iteration > target }
    let (old, place) = kept[kept.count - 1]
    state.copy(old)
    let isRestored = feed.restore(place)
    precondition(isRestored, "the feed does not know its own state \(place)")
  }

  /// Keeps a copy of the present state, and those of before that a rule may still return to.
  private func keep(_ trainer: Trainer) throws {
    guard trainer.watch.rollsBack,
      try trainer.state.checkpoint(feed: trainer.feed.state, lengths: [:], spec: "").isFinite(trainer.state.variables)
    else { return }
    let onsets = trainer.watch.onsets(after: trainer.state.iteration, trainer.state.watch)
    let iterations = kept.map(\.state.iteration)
    let needed = Set(onsets.compactMap { CheckpointRetention.regular(before: $0, every: every, among: iterations) })
    kept.removeAll { !needed.contains($0.state.iteration) }
    kept.append((TrainingState(copying: trainer.state), trainer.feed.state))
  }
}
