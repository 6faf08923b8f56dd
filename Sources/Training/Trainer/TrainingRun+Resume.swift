import Basics
import Datasets
import Evaluation
import Foundation
import Models
import Runs
import Spec

/// Continuing a run that ended before its schedule did.
extension TrainingRun {
  /// How a run is to be resumed.
  package struct ResumeOptions {
    package var threads: Int
    /// Whether to go on although spec or images have changed, or no checkpoint can be used.
    package var accept: Bool
    /// The iteration after which the caller will stop; one that the run has reached already is refused.
    package var stopAfter: Int?
    /// The iteration at which the run is to end, by another hold of its last phase; nil: as its spec says.
    package var until: Int?
    /// This program's version.
    package var version: String
    /// Where decoded images are kept; nil: nowhere.
    package var cache: ImageCache?
    /// Where the images are now; nil: where the spec says.
    package var imageFolder: String?
    /// How somebody outside ends the training.
    package var interruption = Interruption()

    package init(threads: Int, accept: Bool = false, stopAfter: Int? = nil, version: String, cache: ImageCache? = nil) {
      self.threads = threads
      self.accept = accept
      self.stopAfter = stopAfter
      self.version = version
      self.cache = cache
    }
  }

  /// Continues the run in `directory` from its newest whole checkpoint, or from the start when it has none, so that it ends
  /// with the bytes of a run that was never interrupted. A finished one is trained on where its schedule has become longer.
  ///
  /// What it refuses it leaves untouched. Throws ``RunLock/Busy`` while another process writes
  /// the run.
  /// - Returns: how the training ended; nil when the run was finished before.
  package static func resume(
    _ directory: RunDirectory, _ options: ResumeOptions, sink: any ProgressSink, in files: any FileSystem = LocalFileSystem(),
    until shouldStop: (Int) -> StopReason?
  ) throws -> Trainer.Outcome? {
    let before = try RecordedRun(directory, files)
    let files = before.files
    if try isDone(before, options) { return nil }
    let lock = try RunLock(directory, files)
    // Whoever held the lock until now may have changed everything.
    let asRecorded = try RecordedRun(directory, files)
    if try isDone(asRecorded, options) { return nil }
    let found = try NewestCheckpoint(asRecorded, accept: options.accept)
    let followed = asRecorded.followedSpec(found.checkpoint)
    let recorded = try options.until.map { try asRecorded.ending(at: $0) } ?? asRecorded
    var training = TrainingRun(recorded.spec, threads: options.threads, cache: options.cache, in: files)
    let moved = try recorded.movedImages()
    training.imageFolder = options.imageFolder ?? moved
    training.interruption = options.interruption
    let isFinished = try RunStatus(recordedIn: directory, files) == .finished
    if isFinished, RunChanges.settings(recorded, followed: followed).isEmpty { return nil }
    let dataset = try training.loadDataset()
    let changes = RunChanges(recorded, followed: followed, dataset)
    // Where the run is to end was just asked for; everything else is not.
    let others = try RunChanges(recorded, followed: options.until.flatMap { try followed?.ending(at: $0) } ?? followed, dataset)
    guard others.isEmpty || options.accept else {
      throw others.refusal("resume", directory, note: "--accept goes on nevertheless, and keeps that on record")
    }
    guard !found.isLost || options.accept else {
      throw Diagnostics(
        "'\(directory.path)' has lost its checkpoints: there is none in '\(directory.checkpoints)', and there was one",
        note:
          "put them back; --accept begins again from iteration 0 in the run's directory, which removes its rows and its generator",
        exitCode: .badData)
    }
    try training.requireEnough(dataset)
    try DatasetCSV.check(dataset.files.map(DatasetRow.init))
    try training.requireMemory(dataset)
    let place = found.checkpoint.map { "checkpoints/\(CheckpointStore.name($0.iteration))" }
    let version = recorded.manifest.build.description
    let opening = [
      place.map { "from \($0)" } ?? "from the start, without a checkpoint", "\(options.threads) threads",
      version == options.version ? nil : "Fadein \(options.version) after \(version)",
      recorded.manifest.cpu == Machine.cpu ? nil : "on another processor: \(Machine.cpu)",
    ].compactMap { $0 }.joined(separator: ", ")
    var start = try training.start(
      found.checkpoint, dataset, options, changes, origin: recorded.manifest.from, opening: CSVObserver.Opening(.resume, opening))
    if found.isLost {
      start.prepare = { logs, _ in try logs.record(.accept, iteration: 0, "no checkpoint is left: it begins again") }
    }
    let past = followed.map { PastSchedule($0, after: start.state.iteration) }
    if let past { try training.check(past, changes, directory, isFinished: isFinished) }
    let iteration = start.state.iteration
    if let past, past.isWhole, iteration > 0, iteration < Schedule(training.spec).iterations {
      let end = EndOfRun(iteration: iteration, phase: training.spec.schedule.phases.count, spec: training.spec)
      start.lengths = try end.lengths(start.lengths, in: directory, files)
      // In the longer run this one is on no cadence: it goes like that of an interruption.
      if !iteration.isMultiple(of: training.spec.record.checkpoints.every), start.notes.cause == nil { start.notes.cause = .stop }
    }
    try RunLogs.check(
      directory, metrics: MetricsColumns(training.spec).all, evaluations: EvaluationColumns(training.spec).all,
      lengths: start.lengths, in: files)
    training.interruption.willWrite()
    // Programs that synchronize folders drop empty ones.
    for folder in [directory.samples, directory.checkpoints] { try files.createDirectories(folder) }
    try directory.sweepTemporaries(files)
    let log = try RunLog(directory, sink, in: files)
    for notice in files.takeNotices() + found.notices { log.line(notice) }
    log.line(
      "resuming \(directory.path) after iteration \(iteration) of \(Schedule(training.spec).iterations), \(opening)")
    if let folder = training.imageFolder, folder != recorded.spec.data.path {
      log.line("the images of '\(recorded.spec.data.path)' are now in '\(folder)'")
    }
    for line in changes.lines { log.line("accepted: \(line)") }
    if recorded.specHash != asRecorded.specHash { try AtomicFile.write(training.yaml, to: directory.spec, in: files) }
    var manifest = recorded.manifest
    if !changes.isEmpty { try training.accept(changes, recorded, dataset, start, &manifest) }
    try training.leaveTheEnd(directory, recorded, iteration, &manifest)
    return try training.train(start, in: directory, holding: lock, &manifest, log, until: shouldStop)
  }

  /// Whether there is nothing to do: the run is finished, and follows the spec that it had.
  private static func isDone(_ run: RecordedRun, _ options: ResumeOptions) throws -> Bool {
    guard try RunStatus(recordedIn: run.directory, run.files) == .finished else { return false }
    let end = Schedule(run.spec).iterations
    return run.specHash == run.manifest.specHash && (options.until ?? end) == end
  }

  /// Throws when `changes` are such that the run cannot go on with them, accepted or not.
  private func check(_ past: PastSchedule, _ changes: RunChanges, _ run: RunDirectory, isFinished: Bool) throws {
    let contradictions = past.contradictions(with: spec)
    guard contradictions.isEmpty else {
      throw Diagnostics(
        [
          Diagnostic(
            "cannot resume '\(run.path)': only what lies ahead of it may change",
            note: "begin a new run for this schedule; 'fadein run SPEC --from RUN' begins it with the weights of this one")
        ] + contradictions.map { Diagnostic("setting \($0)") })
    }
    guard !isFinished || !past.isWhole || past.end < Schedule(spec).iterations else {
      throw Diagnostics(
        [
          Diagnostic(
            "cannot resume '\(run.path)': it is finished, and nothing lies ahead of it that could follow the changed settings",
            note:
              "'fadein resume RUN --until ITERATION' trains it on; 'fadein run SPEC --from RUN' begins a new run with its weights")
        ] + changes.lines.map { Diagnostic($0) })
    }
  }

  /// The state to go on with: that of `checkpoint`, or of the very beginning.
  private func start(
    _ checkpoint: StoredCheckpoint?, _ dataset: Dataset, _ options: ResumeOptions, _ changes: RunChanges,
    origin: Manifest.Origin?, opening: CSVObserver.Opening
  ) throws -> TrainingStart {
    let (state, feed) = (TrainingState(spec), feed(dataset))
    guard let checkpoint else {
      guard origin == nil else {
        throw Diagnostics(
          "its weights came from \(origin!.run)@\(origin!.iteration), and the checkpoint of iteration 0 that has them cannot be used",
          note: "'fadein run SPEC --from RUN' begins anew with them", exitCode: .badData)
      }
      return TrainingStart(state: state, feed: feed, lengths: [:], checkpoint: nil, opening: opening)
    }
    let lengths = try state.restore(checkpoint, feed, hasOtherImages: !changes.images.isEmpty, accept: options.accept)
    func refuse(_ message: String, _ code: ExitCode) -> Diagnostics { Diagnostics(message, exitCode: code) }
    let iterations = Schedule(spec).iterations
    if let until = options.until, until <= state.iteration, until != iterations || until < state.iteration {
      throw refuse("the run stands after iteration \(state.iteration) already: it cannot end at \(until)", .usage)
    }
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
    _ changes: RunChanges, _ recorded: RecordedRun, _ dataset: Dataset, _ start: TrainingStart, _ manifest: inout Manifest
  ) throws {
    let run = recorded.directory
    let events = try EventsCSV(run.events, keep: .wholeLines, in: files)
    try events.append(EventRow(.accept, iteration: start.state.iteration, detail: changes.summary, time: .now))
    try events.log.synchronize()
    if start.checkpoint != nil {
      try recorded.store.save(
        try start.state.checkpoint(feed: start.feed.state, lengths: start.lengths, spec: yaml, notes: start.notes),
        CheckpointRetention(spec, start.state))
    }
    guard !changes.images.isEmpty else { return }
    let rows = dataset.files.map(DatasetRow.init)
    try DatasetCSV.write(rows, to: run.dataset, in: files)
    manifest.datasetHash = Digest.sha256(DatasetCSV.text(rows))
  }

  /// Brings `run.json` up to what the run follows, and removes what only a run that ends at `iteration` has: its generator and samples
  /// on no cadence. That follows from the files alone, so whoever resumes puts right what a killed process left.
  private func leaveTheEnd(_ run: RunDirectory, _ recorded: RecordedRun, _ iteration: Int, _ manifest: inout Manifest) throws {
    let iterations = Schedule(spec).iterations
    (manifest.specHash, manifest.iterations, manifest.work) = (recorded.specHash, iterations, WorkShares(spec))
    if iteration < iterations { manifest.finished = nil }
    if manifest != recorded.manifest { try manifest.write(to: run, files) }
    guard iteration < iterations else { return }
    // The end may be later than `iteration`: where the last checkpoint is damaged, the run goes on from the one before.
    let known = try files.status(of: run.samples) == nil ? [] : files.list(run.samples)
    let samples = known.compactMap { name in Int(name.prefix { $0 != "." }).map { (number: $0, path: run.sample($0), name: name) } }
      .filter { $0.number >= max(1, iteration) && $0.number != iterations && Path.name(of: $0.path) == $0.name }
      .filter { !$0.number.isMultiple(of: spec.record.samples.every) }.map(\.path)
    for path in [run.generator] + samples where try files.status(of: path)?.kind == .file {
      try files.remove(path)
    }
  }
}

/// The newest checkpoint that is whole, and what is to be said about those that are not.
private struct NewestCheckpoint {
  let checkpoint: StoredCheckpoint?
  let notices: [String]
  /// Whether there was one, and none is left that can be used.
  let isLost: Bool

  /// Looks through the checkpoints of `run`. Throws when there are some and none can be used, unless that is accepted.
  init(_ run: RecordedRun, accept: Bool) throws {
    var reasons: [String] = []
    checkpoint = try run.store.newest { reasons.append("\($0)") }
    guard checkpoint != nil || reasons.isEmpty || accept else {
      throw Diagnostics(
        [Diagnostic("no checkpoint of '\(run.directory.path)' can be used", note: "--accept begins again from iteration 0")]
          + reasons.map { Diagnostic($0) })
    }
    isLost = try checkpoint == nil && (!reasons.isEmpty || run.hadCheckpoint())
    let next = checkpoint.map { "going back to that of iteration \($0.iteration)" } ?? "beginning again from iteration 0"
    notices = reasons.map { "passed over a damaged checkpoint, \(next): \($0)" }
  }
}

extension TrainingState {
  /// Takes over `checkpoint` together with `feed`. With other images than the checkpoint's the feed begins an epoch; with `accept`
  /// also when the checkpoint's place cannot be one in these images.
  /// - Returns: the lengths of the CSV files at the checkpoint.
  func restore(_ checkpoint: StoredCheckpoint, _ feed: BatchPrefetcher, hasOtherImages: Bool = false, accept: Bool = false) throws
    -> [String: Int]
  {
    let text = try restore(checkpoint)
    if let name = RunLogs.alwaysThere.first(where: { text.lengths[$0] == nil }) {
      throw UnusableFile(checkpoint.file.path, "it does not tell the length of \(name).csv", for: .continueFrom)
    }
    guard !hasOtherImages && feed.restore(text.feed) || accept && feed.restore(text.feed.nextEpoch) else {
      throw UnusableFile(checkpoint.file.path, "its place in the images is none of these images", for: .continueFrom)
    }
    return text.lengths
  }
}
