import Basics
import Datasets
import Foundation
import Models
import Runs
import Spec

/// Beginning where another run is.
extension TrainingRun {
  /// Whether the run in `directory` has a whole checkpoint of exactly `iteration`.
  package static func stands(_ directory: RunDirectory, at iteration: Int, _ files: any FileSystem) -> Bool {
    (try? CheckpointStore(directory.checkpoints, keep: 1, in: files).open(iteration)) != nil
  }

  /// Makes the directory of a run of this spec that is where the run in `origin` was at `iteration`: with its checkpoints,
  /// its rows and its samples up to there. Resuming gives the bytes of a run that began at the beginning, if both specs say the
  /// same up to that iteration, which whoever calls has checked.
  @discardableResult
  package func fork(_ origin: RunDirectory, at iteration: Int, _ request: Request) throws -> RunDirectory {
    try requireReadable(request)
    let dataset = try loadDataset()
    try DatasetCSV.check(dataset.files.map(DatasetRow.init))
    try request.trial?.requireSame(dataset)
    // What was trained on other images is no beginning for these.
    let others = LockedSet(origin, try Manifest(origin, files), files).differences(from: dataset.rows)
    guard others.isEmpty else { throw TrialPlace.OtherImages(sweep: origin.path, differences: others) }
    let git = GitState(folder: request.folder)
    let (run, version) = try take(request)
    let training = TrainingRun(spec, threads: threads, cache: cache, in: try files.confined(to: origin.path))
    try training.confined(to: run) { try $0.fork(origin, at: iteration, in: run, version, request, dataset, git) }
    return run
  }

  private func fork(
    _ origin: RunDirectory, at iteration: Int, in run: RunDirectory, _ version: RunVersion, _ request: Request, _ dataset: Dataset,
    _ git: GitState?
  ) throws {
    let source = CheckpointStore(origin.checkpoints, keep: 1, in: files)
    let lock = try RunLock(run, files)
    defer { withExtendedLifetime(lock) {} }
    let manifest = try describe(run, version, request, dataset, git)
    var lengths: [String: Int] = [:]
    for number in try source.iterations() where number <= iteration {
      let checkpoint = try source.open(number)
      let (state, feed) = (TrainingState(spec), feed(dataset))
      lengths = try state.restore(checkpoint, feed)
      let copy = try state.checkpoint(
        feed: feed.state, lengths: lengths, spec: yaml, notes: CheckpointNotes(metadata: checkpoint.file.metadata))
      try CheckpointStore(run.checkpoints, keep: spec.record.checkpoints.keep, in: files)
        .save(copy, CheckpointRetention(spec, state))
    }
    for (name, from, to) in [
      ("metrics", origin.metrics, run.metrics), ("timing", origin.timing, run.timing), ("phases", origin.phases, run.phases),
      ("evaluations", origin.evaluations, run.evaluations),
    ] where try files.status(of: from) != nil {
      let count = lengths[name] ?? 0
      guard count <= Self.largestTable else { throw UnusableFile(from, "it would have \(count) bytes", for: .continueFrom) }
      let bytes = try files.reading(from) { (file, size) throws(FileError) in try files.read(min(size, count), from: file, at: 0) }
      try AtomicFile.write(bytes, to: to, in: files)
    }
    for name in try files.list(origin.samples) where name.hasSuffix(".png") {
      guard let number = Int(name.dropLast(4)), number <= iteration else { continue }
      let bytes = try files.contents(of: Path.join(origin.samples, name), limit: Self.largestSample)
      try AtomicFile.write(bytes, to: Path.join(run.samples, name), in: files)
    }
    let events = try EventsCSV(run.events, keep: .wholeLines, in: files)
    try events.append(EventRow(.start, iteration: iteration, detail: "continues \(origin.path)", time: .now))
    try events.log.synchronize()
    // Last: a directory without it has not been begun.
    try manifest.write(to: run, files)
  }

  /// Bytes of the largest table and of the largest sample that are copied.
  private static let (largestTable, largestSample) = (1 << 28, 1 << 25)
}
