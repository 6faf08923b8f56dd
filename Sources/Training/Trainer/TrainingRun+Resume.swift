import Basics
import Foundation
import Models
import Runs
import Spec

/// Going on with a run that ended before its schedule did.
extension TrainingRun {
  /// How a run is to be resumed.
  package struct ResumeOptions {
    package var threads: Int
    /// Whether to go on although spec or images have changed, or no checkpoint can be used.
    package var accept: Bool
    /// The iteration after which the caller will stop; one that the run has reached already is refused.
    package var stopAfter: Int?
    /// This program's version.
    package var version: String
    /// Where decoded images are kept; nil: nowhere.
    package var cache: ImageCache?
    /// How somebody outside ends the training.
    package var interruption = Interruption()

    package init(threads: Int, accept: Bool = false, stopAfter: Int? = nil, version: String, cache: ImageCache? = nil) {
      (self.threads, self.accept, self.stopAfter, self.version) = (threads, accept, stopAfter, version)
      self.cache = cache
    }
  }

  /// Continues the run in `directory` from its newest whole checkpoint, or from the start when it has none, so that it ends
  /// with the bytes of a run that was never interrupted.
  ///
  /// What it refuses it leaves untouched. Throws ``RunLock/Busy`` while another process writes
  /// the run.
  /// - Returns: how the training ended; nil when the run was finished before.
  package static func resume(
    _ directory: RunDirectory, _ options: ResumeOptions, sink: any ProgressSink, in files: any FileSystem = LocalFileSystem(),
    until shouldStop: (Int) -> StopReason?
  ) throws -> Trainer.Outcome? {
    let files = try RecordedRun(directory, files).files
    if try RunStatus(recordedIn: directory, files) == .finished { return nil }
    let lock = try RunLock(directory, files)
    // Whoever held the lock until now may have changed everything.
    if try RunStatus(recordedIn: directory, files) == .finished { return nil }
    let recorded = try RecordedRun(directory, files)
    var training = TrainingRun(recorded.spec, threads: options.threads, cache: options.cache, in: files)
    training.interruption = options.interruption
    let found = try NewestCheckpoint(recorded, accept: options.accept)
    let dataset = try training.loadDataset()
    let changes = RunChanges(recorded, found.checkpoint, dataset)
    guard changes.isEmpty || options.accept else {
      throw changes.refusal("resume", directory, note: "--accept goes on nevertheless, and keeps that on record")
    }
    try training.requireEnough(dataset)
    try training.requireMemory(dataset)
    let place = found.checkpoint.map { "checkpoints/\(CheckpointStore.name($0.iteration))" }
    let version = recorded.manifest.fadeinVersion
    let opening = [
      place.map { "from \($0)" } ?? "from the start, without a checkpoint", "\(options.threads) threads",
      version == options.version ? nil : "Fadein \(options.version) after \(version)",
      recorded.manifest.cpu == Machine.cpu ? nil : "on another processor: \(Machine.cpu)",
    ].compactMap { $0 }.joined(separator: ", ")
    var start = try training.start(found.checkpoint, dataset, options, changes, opening: CSVObserver.Opening(.resume, opening))
    let (iteration, origin) = (start.state.iteration, start)
    if !changes.isEmpty { start.prepare = { try training.accept(changes, recorded, dataset, origin, $0, &$1) } }
    try RunLogs.check(
      directory, terms: LossColumns(training.spec.loss).names, evaluated: EvaluationColumns(training.spec).names,
      lengths: start.lengths, in: files)
    training.interruption.willWrite()
    try directory.sweepTemporaries(files)
    let log = try RunLog(directory, sink, in: files)
    for notice in files.takeNotices() + found.notices { log.line(notice) }
    log.line(
      "resuming \(directory.path) after iteration \(iteration) of \(Schedule(training.spec).iterations), \(opening)")
    var manifest = recorded.manifest
    for line in changes.lines { log.line("accepted: \(line)") }
    return try training.train(start, in: directory, holding: lock, &manifest, log, until: shouldStop)
  }

  /// The state to go on with: that of `checkpoint`, or of the very beginning.
  private func start(
    _ checkpoint: StoredCheckpoint?, _ dataset: Dataset, _ options: ResumeOptions, _ changes: RunChanges,
    opening: CSVObserver.Opening
  ) throws -> TrainingStart {
    let (state, feed) = (TrainingState(spec), feed(dataset))
    guard let checkpoint else {
      return TrainingStart(state: state, feed: feed, lengths: [:], checkpoint: nil, opening: opening)
    }
    let lengths = try state.restore(checkpoint, feed, hasOtherImages: !changes.images.isEmpty, accept: options.accept)
    func refuse(_ message: String, _ code: ExitCode) -> Diagnostics { Diagnostics(message, exitCode: code) }
    let iterations = Schedule(spec).iterations
    guard state.iteration <= iterations else {
      throw refuse("the run stands after iteration \(state.iteration), but its schedule now ends at \(iterations)", .badData)
    }
    if let stop = options.stopAfter, stop <= state.iteration {
      throw refuse("the run stands after iteration \(state.iteration) already: it cannot stop after \(stop)", .usage)
    }
    return TrainingStart(
      state: state, feed: feed, lengths: lengths, checkpoint: state.iteration,
      notes: CheckpointNotes(metadata: checkpoint.file.metadata), opening: opening)
  }

  /// Puts accepted changes on record, and makes them what the run follows from now on: also in the checkpoint, so that a
  /// process killed before the next one loses nothing of it.
  private func accept(
    _ changes: RunChanges, _ recorded: RecordedRun, _ dataset: Dataset, _ start: TrainingStart, _ logs: RunLogs,
    _ manifest: inout Manifest
  ) throws {
    let run = recorded.directory
    try logs.record(.accept, iteration: start.state.iteration, changes.summary)
    let lengths = try logs.synchronize()
    if start.checkpoint != nil {
      let yaml = spec.yaml(terms: LossCatalog.declarations)
      try recorded.store.save(
        try start.state.checkpoint(feed: start.feed.state, lengths: lengths, spec: yaml, notes: start.notes),
        CheckpointRetention(spec, start.state))
    }
    let rows = dataset.files.map(DatasetRow.init)
    try DatasetCSV.write(rows, to: run.dataset, in: files)
    manifest.datasetHash = Digest.sha256(DatasetCSV.text(rows))
    (manifest.specHash, manifest.iterations, manifest.work) = (
      recorded.specHash, Schedule(spec).iterations, WorkShares(spec)
    )
    try manifest.write(to: run, files)
  }
}

/// The newest checkpoint that is whole, and what is to be said about those that are not.
private struct NewestCheckpoint {
  let checkpoint: StoredCheckpoint?
  let notices: [String]

  /// Looks through the checkpoints of `run`. Throws when there are some and none can be used, unless that is accepted.
  init(_ run: RecordedRun, accept: Bool) throws {
    var reasons: [String] = []
    checkpoint = try run.store.newest { reasons.append("\($0)") }
    guard checkpoint != nil || reasons.isEmpty || accept else {
      throw Diagnostics(
        [Diagnostic("no checkpoint of '\(run.directory.path)' can be used", note: "--accept begins again from iteration 0")]
          + reasons.map { Diagnostic($0) })
    }
    let next = checkpoint.map { "going back to that of iteration \($0.iteration)" } ?? "beginning again from iteration 0"
    notices = reasons.map { "passed over a damaged checkpoint, \(next): \($0)" }
  }
}

extension FeedState {
  /// The beginning of the epoch after this one.
  fileprivate var nextEpoch: FeedState {
    FeedState(epoch: epoch + 1, cursor: 0, orderPosition: orderPosition, augmentPosition: augmentPosition)
  }
}

extension TrainingState {
  /// Takes over `checkpoint` together with `feed`. With other images than the checkpoint's the feed begins an epoch; with `accept`
  /// also when the checkpoint's place cannot be one in these images.
  /// - Returns: the lengths of the CSV files at the checkpoint.
  func restore(_ checkpoint: StoredCheckpoint, _ feed: BatchPrefetcher, hasOtherImages: Bool = false, accept: Bool = false) throws
    -> [String: Int]
  {
    func mismatch(_ reason: String) -> Mismatch { Mismatch(path: checkpoint.file.path, reason: reason) }
    try restore(checkpoint)
    guard iteration == checkpoint.iteration else { throw mismatch("its state is that of iteration \(iteration)") }
    guard let position = FeedState(in: checkpoint) else { throw mismatch("it has no place in the images") }
    guard !hasOtherImages && feed.restore(position) || accept && feed.restore(position.nextEpoch) else {
      throw mismatch("its place in the images is none of these images")
    }
    let json = Data((checkpoint[state: "lengths"] ?? "").utf8)
    guard let lengths = try? JSONDecoder().decode([String: Int].self, from: json) else {
      throw mismatch("it does not tell the lengths of the CSV files")
    }
    return lengths
  }
}
