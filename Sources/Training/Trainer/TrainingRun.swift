import Basics
import Foundation
import Kernels
import Models
import Runs
import Spec

/// A training in its run directory, from a checked spec to the final generator.
package struct TrainingRun {
  package let spec: ExperimentSpec
  package let files: any FileSystem
  package let threads: Int

  package init(_ spec: ExperimentSpec, threads: Int, in files: any FileSystem = LocalFileSystem()) {
    (self.spec, self.threads, self.files) = (spec, threads, files)
  }

  /// What the user asked for, beside the spec.
  package struct Request {
    /// The folder of runs.
    package var runs: String
    package var label: String?
    /// The spec file as it is, and the overrides as they were typed.
    package var source: [UInt8]
    package var overrides: [String]
    package var version: String

    package init(runs: String, label: String? = nil, source: [UInt8], overrides: [String], version: String) {
      (self.runs, self.label, self.source, self.overrides, self.version) = (runs, label, source, overrides, version)
    }
  }

  /// Reads the images, takes a run directory, trains, and leaves a finished or resumable run.
  package func begin(
    _ request: Request, sink: any ProgressSink, until shouldStop: @escaping (Int) -> StopReason?
  ) throws -> (run: RunDirectory, outcome: Trainer.Outcome) {
    let dataset = try loadDataset()
    // Asked before the directory is taken, so that this exists without its manifest for as short as can be.
    let git = GitState(folder: FileManager.default.currentDirectoryPath)
    let (run, version) = try RunDirectory.take(RunName(spec.name)!, in: request.runs, files)
    let lock = try RunLock(run, files)
    var manifest = manifest(version, request)
    if let git { (manifest.gitCommit, manifest.gitDirty) = (git.commit, git.isDirty) }
    let rows = dataset.files.map(DatasetRow.init)
    manifest.datasetHash = Digest.sha256(DatasetCSV.text(rows))
    try run.writeSources(spec: yaml, source: request.source, overrides: request.overrides, files)
    try DatasetCSV.write(rows, to: run.dataset, in: files)
    try manifest.write(to: run, files)
    let log = try RunLog(run, sink, in: files)
    for file in dataset.files {
      if let reason = file.skipReason { log.line("skipped \(file.path.printable): \(reason)") }
    }
    log.line("\(dataset.count) images at \(dataset.resolution)x\(dataset.resolution), \(threads) threads, run \(run.path)")
    let start = TrainingStart(
      state: TrainingState(spec), feed: feed(dataset), lengths: [:], checkpoint: nil,
      opening: CSVObserver.Opening(.start, "\(Schedule(spec).iterations) iterations"))
    return (run, try train(start, in: run, holding: lock, &manifest, log, until: shouldStop))
  }

  /// Trains in `run` from `start` on and leaves a finished or resumable run: what beginning and continuing have in common.
  func train(
    _ start: TrainingStart, in run: RunDirectory, holding lock: RunLock, _ manifest: inout Manifest, _ log: RunLog,
    until shouldStop: (Int) -> StopReason?
  ) throws -> Trainer.Outcome {
    defer { withExtendedLifetime(lock) {} }
    let logs = try RunLogs(
      run, terms: LossColumns(spec.loss).names, evaluated: EvaluationColumns(spec).names, lengths: start.lengths, in: files)
    try start.prepare(logs, &manifest)
    let checkpoints = CheckpointObserver(run, logs, spec.record.checkpoints, saved: start.checkpoint, in: files)
    // Progress comes last: what it tells has been recorded, and at an end is on the disk.
    let trainer = Trainer(
      spec, state: start.state, feed: start.feed, lanes: Lanes(count: threads),
      observers: [
        CSVObserver(logs, opening: start.opening), SamplesObserver(run, Preview(spec), in: files) { log.line($0) }, checkpoints,
        ProgressObserver(log),
      ], rewinder: checkpoints)
    do {
      let outcome = try trainer.train(until: shouldStop)
      manifest.finished = outcome == .finished ? Timestamp.now.description : nil
      try manifest.write(to: run, files)
      // The very last thing: from here on nobody would resume the run and put right what is missing.
      if outcome == .finished { try logs.record(.finish, iteration: trainer.state.iteration) }
      return outcome
    } catch {
      do {
        try checkpoints.settle()
      } catch {
        log.line("error: \(error)")
        try? logs.record(.fail, iteration: trainer.state.iteration, "\(error)")
      }
      try? logs.record(.fail, iteration: trainer.state.iteration, "\(error)")
      _ = try? logs.synchronize()
      throw error
    }
  }

  /// The spec's images, enough for the largest batch.
  func loadDataset() throws -> Dataset {
    let needed = Schedule(spec).phases.map(\.batch).max() ?? 1
    return try Dataset.load(spec.data, needed: needed, threads: threads)
  }

  /// The batches of `dataset` from the first on.
  func feed(_ dataset: Dataset) -> BatchPrefetcher {
    BatchPrefetcher(ImageFeed(dataset, augment: spec.data.augment, range: spec.generator.output.range, seed: spec.seed))
  }

  private var yaml: String { spec.yaml(terms: LossCatalog.declarations) }

  private func manifest(_ version: RunVersion, _ request: Request) -> Manifest {
    var manifest = Manifest(
      id: "\(spec.name)/\(version)", name: spec.name, version: version.number, seed: spec.seed,
      iterations: Schedule(spec).iterations, created: .now, threads: threads, fadeinVersion: request.version,
      specHash: Digest.sha256(yaml))
    manifest.label = request.label
    return manifest
  }
}

/// Where a process begins to train.
struct TrainingStart {
  let state: TrainingState
  let feed: BatchPrefetcher
  /// Bytes of each CSV file that stay.
  let lengths: [String: Int]
  /// The iteration of the checkpoint that all this is from; nil at the very beginning.
  let checkpoint: Int?
  /// What that checkpoint says of itself.
  var notes = CheckpointNotes()
  let opening: CSVObserver.Opening
  /// What is still to be written when the CSV files are open and cut.
  var prepare: (RunLogs, inout Manifest) throws -> Void = { _, _ in }
}

extension DatasetRow {
  /// The row of `dataset.csv` about `file`.
  init(_ file: ImageFile) {
    self.init(
      path: file.path, sha256: file.sha256, bytes: file.byteCount, width: file.width, height: file.height,
      isUsed: file.skipReason == nil, reason: file.skipReason?.description ?? "")
  }
}

extension DatasetError: UserFacingError {
  package var exitCode: ExitCode { if case .noFolder = self { .inputNotFound } else { .badData } }
  package var description: String { message }
  package var diagnostics: Diagnostics {
    Diagnostics(message, note: notes.isEmpty ? nil : notes.joined(separator: "; "), exitCode: exitCode)
  }
}

extension Trainer.Diverged: UserFacingError {
  package var exitCode: ExitCode { .stoppedByRule }
  package var diagnostics: Diagnostics {
    Diagnostics(
      description,
      note: "a checkpoint that the run has is from before; try a lower optimizer.adam.rate or a larger gradient penalty weight",
      exitCode: exitCode)
  }
}
