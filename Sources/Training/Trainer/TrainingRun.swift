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
  package func execute(
    _ request: Request, sink: any ProgressSink, until shouldStop: @escaping (Int) -> String?
  ) throws -> (run: RunDirectory, outcome: Trainer.Outcome) {
    let dataset = try loadDataset()
    let (run, version) = try RunDirectory.take(RunName(spec.name)!, in: request.runs, files)
    let lock = try RunLock(run, files)
    defer { withExtendedLifetime(lock) {} }
    let log = try RunLog(run, sink, in: files)
    for file in dataset.files {
      if let reason = file.skipReason { log.line("skipped \(file.path.printable): \(reason)") }
    }
    log.line("\(dataset.count) images at \(dataset.resolution)x\(dataset.resolution), \(threads) threads, run \(run.path)")
    try describe(run, version, dataset, request)
    let logs = try RunLogs(beginning: run, terms: LossColumns(spec.loss).names, in: files)
    let trainer = trainer(dataset, run, logs, log)
    do {
      return (run, try trainer.train(until: shouldStop))
    } catch {
      try? logs.record(.fail, iteration: trainer.state.iteration, "\(error)")
      _ = try? logs.synchronize()
      throw error
    }
  }

  private func loadDataset() throws -> Dataset {
    let needed = Schedule(spec).phases.map(\.batch).max() ?? 1
    return try Dataset.load(spec.data, needed: needed, threads: threads)
  }

  /// Writes what is known before the first iteration: spec, sources, dataset, manifest.
  private func describe(_ run: RunDirectory, _ version: RunVersion, _ dataset: Dataset, _ request: Request) throws {
    let yaml = spec.yaml(terms: LossCatalog.declarations)
    try run.writeSources(spec: yaml, source: request.source, overrides: request.overrides, files)
    let rows = dataset.files.map { file in
      DatasetRow(
        path: file.path, sha256: file.sha256, bytes: file.byteCount ?? 0, width: file.width, height: file.height,
        isUsed: file.skipReason == nil, reason: file.skipReason?.description ?? "")
    }
    try DatasetCSV.write(rows, to: run.dataset, in: files)
    var manifest = Manifest(
      id: "\(spec.name)/\(version)", name: spec.name, version: version.number, seed: spec.seed,
      iterations: Schedule(spec).iterations,
      created: .now, threads: threads, fadeinVersion: request.version, specHash: Digest.sha256(yaml))
    manifest.label = request.label
    manifest.datasetHash = Digest.sha256(DatasetCSV.text(rows))
    if let git = GitState(folder: FileManager.default.currentDirectoryPath) {
      (manifest.gitCommit, manifest.gitDirty) = (git.commit, git.isDirty)
    }
    try manifest.write(to: run, files)
  }

  private func trainer(_ dataset: Dataset, _ run: RunDirectory, _ logs: RunLogs, _ log: RunLog) -> Trainer {
    let feed = ImageFeed(dataset, augment: spec.data.augment, range: spec.generator.output.range, seed: spec.seed)
    return Trainer(
      spec, state: TrainingState(spec), feed: BatchPrefetcher(feed), lanes: Lanes(count: threads),
      observers: [
        ProgressObserver(log), CSVObserver(logs), SamplesObserver(run, Preview(spec), in: files) { log.line($0) },
        CheckpointObserver(run, logs, keep: spec.record.checkpoints.keep, in: files),
      ])
  }
}

extension DatasetError: UserFacingError {
  package var exitCode: ExitCode { if case .noFolder = self { .inputNotFound } else { .badData } }
  package var description: String { message }
  package var diagnostics: Diagnostics {
    Diagnostics(message, note: notes.isEmpty ? nil : notes.joined(separator: "\n"), exitCode: exitCode)
  }
}

extension Trainer.Diverged: UserFacingError {
  package var exitCode: ExitCode { .stoppedByRule }
  package var diagnostics: Diagnostics {
    Diagnostics(
      description, note: "the last checkpoint is from before; try a lower optimizer.adam.rate or a larger gradient penalty weight",
      exitCode: exitCode)
  }
}
