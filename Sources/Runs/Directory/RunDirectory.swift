import Basics
import Foundation

/// The folder of one run, and the paths of all files in it.
///
///     let (run, version) = try RunDirectory.take(RunName("quickstart")!, in: "runs", LocalFileSystem())
///     run.path                        // "runs/quickstart/v001"; the next call takes v002
///     run.metrics                     // "runs/quickstart/v001/metrics.csv"
///     run.checkpoint(7500)            // "runs/quickstart/v001/checkpoints/000007500.safetensors"
package struct RunDirectory: Hashable, Sendable {
  package let path: String

  /// The run in the folder `path`, which need not be there yet.
  package init(_ path: String) { self.path = path }

  /// Takes the next free version of `name` under `runs`: makes `runs/<name>/v001`, or the version after the highest one.
  /// The process whose `mkdir` succeeds has it; nothing existing is touched, and no link below `runs` is followed.
  package static func take(
    _ name: RunName, in runs: String, _ files: any FileSystem
  ) throws -> (run: RunDirectory, version: RunVersion) {
    try files.createDirectories(runs)
    let files = try files.confined(to: runs)
    let folder = Path.join(runs, name.description)
    try files.createDirectories(folder)
    return try RunVersion.takeNext(in: folder, files) { version in
      (try take(Path.join(folder, version.description), files), version)
    }
  }

  /// Takes exactly the folder `path`, as for a sweep's trial. Fails with `EEXIST` when it is there.
  package static func take(_ path: String, _ files: any FileSystem) throws(FileError) -> RunDirectory {
    try files.createDirectory(path)
    let run = RunDirectory(path)
    do throws(FileError) {
      try files.synchronizeDirectory(Path.parent(of: path))
      try files.createDirectory(run.samples)
      try files.createDirectory(run.checkpoints)
      try files.synchronizeDirectory(path)
    } catch {
      // Who begins a sweep has taken the empty folder for an interrupted beginning, and has it now.
      if error.isNotFound { throw FileError(.createDirectory, path, errno: EEXIST) }
      run.abandon(files)
      throw error
    }
    return run
  }

  /// Removes a directory that was taken and in which nothing has been begun, and nothing else: what a run writes before its manifest,
  /// and the folders, if they are empty then.
  package func abandon(_ files: any FileSystem) {
    do {
      guard try files.status(of: manifest) == nil else { return }
    } catch {
      return
    }
    // A run that begins with weights of another has its tables and a checkpoint by then.
    let begun = [metrics, timing, phases, evaluations, events, checkpoint(0)]
    for file in [lock, source, overrides, spec, dataset] + begun where (try? files.status(of: file))??.kind == .file {
      try? files.remove(file)
    }
    for folder in [samples, checkpoints, path] { try? files.removeDirectory(folder) }
  }

  /// Bytes of the largest `overrides.txt` that is read, and so of one that is written.
  package static let largestOverrides = 1 << 20

  /// The content of `overrides.txt`.
  package static func text(overrides: [String]) -> String { overrides.map { $0 + "\n" }.joined() }

  /// Writes what the run was asked for: the resolved spec, the user's file byte for byte, and the overrides, one a line,
  /// when there are any.
  package func writeSources(
    spec: String, source: [UInt8], overrides: [String], _ files: any FileSystem
  ) throws(FileError) {
    try AtomicFile.write(source, to: self.source, in: files)
    if !overrides.isEmpty {
      try AtomicFile.write(Self.text(overrides: overrides), to: self.overrides, in: files)
    }
    try AtomicFile.write(spec, to: self.spec, in: files)
  }

  /// Removes what killed processes left half-written. Call it only while holding the run's lock.
  package func sweepTemporaries(_ files: any FileSystem) throws(FileError) {
    for folder in [path, samples, checkpoints] where try files.status(of: folder)?.kind == .directory {
      try AtomicFile.sweep(folder, in: files)
    }
  }
}

extension RunDirectory {
  package var spec: String { file("spec.yaml") }
  package var source: String { file("source.yaml") }
  package var overrides: String { file("overrides.txt") }
  package var manifest: String { file("run.json") }
  package var metrics: String { file("metrics.csv") }
  package var timing: String { file("timing.csv") }
  package var phases: String { file("phases.csv") }
  package var evaluations: String { file("evaluations.csv") }
  package var events: String { file("events.csv") }
  package var dataset: String { file("dataset.csv") }
  package var generator: String { file("generator.safetensors") }
  package var log: String { file("log.txt") }
  package var lock: String { file(".lock") }
  /// The folder of sample grids.
  package var samples: String { file("samples") }
  /// The folder of checkpoints.
  package var checkpoints: String { file("checkpoints") }

  /// The folder of what `generate` draws. The run itself neither reads nor writes it.
  package var drawings: String { file("generated") }

  /// What is written once, before the first iteration, and is needed to go on and to repeat.
  package var beginning: [String] { [source, overrides, spec, dataset, manifest] }

  /// The grid drawn after `iteration`: `samples/000500.png`.
  package func sample(_ iteration: Int) -> String { Path.join(samples, padded(iteration, 6) + ".png") }

  /// The checkpoint taken after `iteration`: `checkpoints/000007500.safetensors`.
  package func checkpoint(_ iteration: Int) -> String { Path.join(checkpoints, CheckpointStore.name(iteration)) }

  private func file(_ name: String) -> String { Path.join(path, name) }
}
