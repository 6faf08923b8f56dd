import Basics
import Datasets
import Foundation
import Kernels
import Models
import Runs
import TestSupport

@testable import Spec
@testable import Training

/// A tiny training whose rates trip its own rules: they rise after iteration 10, are lowered and rolled back until they are
/// low enough, and the run ends at iteration 24.
func watchedSpec(_ changes: String...) throws -> ExperimentSpec {
  let text = """
    version: 2
    name: watched
    seed: 5
    data: {folder: icons, resolution: 8}
    generator: {latent: 5, widths: [6, 4]}
    discriminator: {top: 5, widths: [6, 4]}
    schedule: {batch: 3, phases: [{resolution: 4, hold: 13}, {resolution: 8, fade: 6, hold: 5}]}
    optimizer: {adam: {rate: 1e-4, beta1: 0.5}, drops: [{resolution: 4, after: 10, rate: 4e-4}]}
    loss: {generator: {wasserstein: {}}, discriminator: {wasserstein: {}, gradient_penalty: {}}}
    record: {metrics: 1, samples: {every: 100, count: 1}, checkpoints: {every: 5, keep: 2}, evaluate: {every: 0}}
    watch:
      - {when: "rate.generator > 1.5e-4 for 6", do: roll back}
      - {when: iteration == 12, do: lower rate, factor: 0.9}
      - {when: "rate.generator < 6e-5 for 3", do: checkpoint}
    """
  return try ExperimentSpec.read(text: text, path: "/tmp/watched.yaml", overrides: changes, language: .experiments)
}

/// Keeps checkpoints and rows as a run directory does, and loses its process after a number of iterations.
final class Keeper: TrainingObserver, Rewinder {
  struct Killed: Error {}

  let store: CheckpointStore
  var rows: [MeasuredRow] = []
  var rollBacks = 0
  private var callsLeft: Int
  private let files = LocalFileSystem()

  init(_ folder: String, killedAfter calls: Int = .max) {
    (store, callsLeft) = (CheckpointStore(folder, keep: 2, in: files), calls)
  }

  func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    switch event {
    case .began: if trainer.state.iteration == 0 { try save(trainer) }
    case .iterated(let moment, let row, _):
      rows.append(row)
      if moment.iteration % 5 == 0 { try save(trainer) }
      callsLeft -= 1
      if callsLeft <= 0 { throw Killed() }
    default: break
    }
  }

  func rewind(_ state: TrainingState, _ feed: BatchPrefetcher, before onset: Int) throws {
    let target = CheckpointRetention.regular(before: onset, every: 5, among: try store.iterations())!
    _ = try state.restore(store.open(target), feed)
    try store.removeAll(after: target)
    rows.removeAll { $0.iteration > target }
    rollBacks += 1
  }

  /// Writes a checkpoint now, as a signal makes a run do.
  func save(_ trainer: Trainer) throws {
    let checkpoint = try trainer.state.checkpoint(
      feed: trainer.feed.state, lengths: ["metrics": 1, "timing": 1, "phases": 1], spec: "")
    try store.save(checkpoint, CheckpointRetention(trainer.spec, trainer.state))
  }
}

/// A trainer of `spec` on random images, continued from the keeper's newest checkpoint.
func watchedTrainer(_ spec: ExperimentSpec, _ keeper: Keeper) throws -> Trainer {
  let feed = ImageFeed(randomDataset(count: 5, side: 8), range: -1...1, seed: spec.seed)
  let trainer = Trainer(
    spec, state: TrainingState(spec), feed: BatchPrefetcher(feed), lanes: Lanes(count: 1), observers: [keeper], rewinder: keeper)
  if let newest = try keeper.store.newest({ _ in }) {
    _ = try trainer.state.restore(newest, trainer.feed)
    keeper.rows.removeAll { $0.iteration > newest.iteration }
  }
  return trainer
}

/// A call to be waited for.
final class Gate: @unchecked Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  func open() { semaphore.signal() }
  /// Whether it was opened in time; it stays open.
  func wait(seconds: Double = 120) -> Bool {
    defer { semaphore.signal() }
    return semaphore.wait(timeout: .now() + seconds) == .success
  }
}

/// The real file system, which asks before it makes a file durable.
struct GatedFileSystem: FileSystem {
  private let real = LocalFileSystem()
  let beforeSynchronizing: @Sendable (OpenFile) throws(FileError) -> Void

  func createDirectory(_ path: String) throws(FileError) { try real.createDirectory(path) }
  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile { try real.open(path, mode) }
  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int { try real.write(bytes, to: file) }
  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int {
    try real.read(into: buffer, from: file, at: offset)
  }
  func synchronize(_ file: OpenFile) throws(FileError) {
    try beforeSynchronizing(file)
    try real.synchronize(file)
  }
  func synchronizeDirectory(_ path: String) throws(FileError) { try real.synchronizeDirectory(path) }
  func truncate(_ file: OpenFile, to size: Int) throws(FileError) { try real.truncate(file, to: size) }
  func close(_ file: OpenFile) throws(FileError) { try real.close(file) }
  func rename(_ source: String, to target: String) throws(FileError) { try real.rename(source, to: target) }
  func remove(_ path: String) throws(FileError) { try real.remove(path) }
  func list(_ path: String) throws(FileError) -> [String] { try real.list(path) }
  func status(of path: String) throws(FileError) -> FileStatus? { try real.status(of: path) }
  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool { try real.lock(file, shared: shared) }
}
