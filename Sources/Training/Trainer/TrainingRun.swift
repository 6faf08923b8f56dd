import Basics
import Datasets
import Evaluation
import Foundation
import Kernels
import Models
import Runs
import Spec

/// A training in its run directory, from a checked spec to the final generator.
///
///     let request = TrainingRun.Request(runs: "runs", source: bytes, overrides: ["seed=3"], version: "0.1.0")
///     let (run, outcome) = try TrainingRun(spec, threads: 2).begin(request, sink: sink) { iteration in
///       iteration == 1500 ? .requested("--stop-after 1500") : nil
///     }
///     run.metrics                     // "runs/quickstart/v001/metrics.csv"
package struct TrainingRun {
  package let spec: ExperimentSpec
  package let files: any FileSystem
  package let threads: Int
  /// Where decoded images are kept; nil: nowhere.
  package let cache: ImageCache?
  /// Where the spec's images are now, if that is elsewhere.
  var imageFolder: String?
  /// How somebody outside ends the training.
  package var interruption = Interruption()
  package var clock = MonotonicClock.system

  package init(
    _ spec: ExperimentSpec, threads: Int, cache: ImageCache? = nil, in files: any FileSystem = LocalFileSystem()
  ) {
    self.spec = spec
    self.threads = threads
    self.cache = cache
    self.files = files
  }

  /// What the user asked for, beside the spec.
  package struct Request {
    /// The folder of runs.
    package var runs: String
    package var label: String?
    /// The spec file as it is, and the overrides as they were typed.
    package var source: [UInt8]
    package var overrides: [String]
    /// The folder of the spec file, whose commit is recorded.
    package var folder = "."
    package var version: String
    /// The run that is to be repeated and the images that it had.
    package var repeated: (run: RunDirectory, set: LockedSet)?
    /// Whether to go on although those images have changed.
    package var accept = false
    /// The run whose weights it begins with; nil: they are drawn.
    package var origin: Origin?
    /// Where a sweep wants the run, when it is one of its trials.
    package var trial: TrialPlace?

    package init(runs: String, label: String? = nil, source: [UInt8], overrides: [String], version: String) {
      self.runs = runs
      self.label = label
      self.source = source
      self.overrides = overrides
      self.version = version
    }
  }

  /// Reads the images, takes a run directory, trains, and leaves a finished or resumable run.
  package func begin(
    _ request: Request, sink: any ProgressSink, until shouldStop: @escaping (Int) -> StopReason?
  ) throws -> (run: RunDirectory, outcome: Trainer.Outcome) {
    // Git answers while the images are read and the weights drawn. It is asked before the directory is taken, so that this exists
    // without its manifest for as short as can be.
    let git = BackgroundJob<GitState?>()
    git.begin { [folder = request.folder] in GitState(folder: folder) }
    let dataset = try loadDataset()
    try request.trial?.requireSame(dataset)
    let changes = try request.repeated.flatMap { repeated in
      let changes = RunChanges(repeated.set, dataset)
      guard changes.isEmpty || request.accept else {
        throw changes.refusal("repeat", repeated.run, note: "--accept takes the images as they are, and keeps that on record")
      }
      return changes.isEmpty ? nil : changes
    }
    try requireEnough(dataset)
    try requireReadable(request)
    try DatasetCSV.check(dataset.files.map(DatasetRow.init))
    try requireMemory(dataset)
    let state = TrainingState(spec)
    let notes = try request.origin.map { try $0.apply(to: state, spec) } ?? []
    let commit = try git.take(waiting: true) ?? nil
    interruption.willWrite()
    let (run, version) = try take(request)
    let outcome = try confined(to: run) { training in
      try training.begin(in: run, version, request, dataset, state, commit, changes, notes, sink, until: shouldStop)
    }
    return (run, outcome)
  }

  /// Lets `body` begin the new run in `run` with a training that writes below no other folder. What is refused before there is a
  /// manifest leaves no folder.
  func confined<Result>(to run: RunDirectory, _ body: (TrainingRun) throws -> Result) throws -> Result {
    var own = TrainingRun(spec, threads: threads, cache: cache, in: try files.confined(to: run.path))
    own.imageFolder = imageFolder
    own.interruption = interruption
    do {
      return try body(own)
    } catch {
      run.abandon(own.files)
      throw error
    }
  }

  private func begin(
    in run: RunDirectory, _ version: RunVersion, _ request: Request, _ dataset: Dataset, _ state: TrainingState,
    _ commit: GitState?,
    _ changes: RunChanges?, _ notes: [String], _ sink: any ProgressSink, until shouldStop: @escaping (Int) -> StopReason?
  ) throws -> Trainer.Outcome {
    let lock = try RunLock(run, files)
    var manifest = try describe(run, version, request, dataset, commit)
    let feed = feed(dataset)
    manifest.from = request.origin?.note
    // Nobody could draw these weights again, so they are on the disk before the run has begun.
    let lengths = try request.origin.map { _ in try keepBeginning(of: run, state, feed) }
    try manifest.write(to: run, files)
    let log = try RunLog(run, sink, in: files)
    for notice in files.takeNotices() { log.line(notice) }
    for line in SkippedFiles.lines(dataset.files) { log.line(line) }
    for notice in dataset.notices { log.line(notice) }
    log.line("\(dataset.count) images at \(dataset.resolution)x\(dataset.resolution), \(threads) threads, run \(run.path)")
    for caution in spec.cautions { log.line("warning: \(caution)") }
    for note in notes { log.line(note) }
    for line in changes?.lines ?? [] { log.line("accepted: \(line)") }
    var start = TrainingStart(
      state: state, feed: feed, lengths: lengths ?? [:], checkpoint: lengths == nil ? nil : 0,
      opening: CSVObserver.Opening(
        .start,
        "\(Schedule(spec).iterations) iterations" + (request.origin.map { ", with the weights of \($0.description)" } ?? "")))
    if let changes { start.prepare = { logs, _ in try logs.record(.accept, iteration: 0, changes.summary) } }
    return try train(start, in: run, holding: lock, &manifest, log, until: shouldStop)
  }

  /// Throws when something that the run would write at its beginning is larger than what is read.
  func requireReadable(_ request: Request) throws {
    _ = try spec.readableYAML(.experiments)
    func require(_ what: String, _ count: Int, atMost limit: Int) throws {
      guard count > limit else { return }
      throw Diagnostics("\(what) has \(count) bytes, and may have \(limit) at most", exitCode: .usage)
    }
    try require("the label", request.label?.utf8.count ?? 0, atMost: Manifest.longestLabel)
    try require("the spec file", request.source.count, atMost: SpecFile.largest)
    try require(
      "what overrides.txt would hold", RunDirectory.text(overrides: request.overrides).utf8.count,
      atMost: RunDirectory.largestOverrides)
  }

  /// Writes the checkpoint of iteration 0 of a new run.
  /// - Returns: the lengths of its CSV files, which have their headers.
  private func keepBeginning(of run: RunDirectory, _ state: TrainingState, _ feed: BatchPrefetcher) throws -> [String: Int] {
    let lengths = try RunLogs(
      run, metrics: MetricsColumns(spec).all, evaluations: EvaluationColumns(spec).all, in: files
    ).synchronize()
    try CheckpointStore(run.checkpoints, keep: spec.record.checkpoints.keep, in: files)
      .save(try state.checkpoint(feed: feed.state, lengths: lengths, spec: yaml), CheckpointRetention(spec, state))
    return lengths
  }

  /// Writes the sources and the images of a new run, and returns its manifest, which is for the caller to write: a directory without
  /// it has not been begun.
  func describe(
    _ run: RunDirectory, _ version: RunVersion, _ request: Request, _ dataset: Dataset, _ git: GitState?
  ) throws -> Manifest {
    var manifest = manifest(version, request)
    manifest.path = WorkingFolder.absolute(run.path)
    if let git { (manifest.gitCommit, manifest.gitDirty) = (git.commit, git.isDirty) }
    let rows = dataset.files.map(DatasetRow.init)
    manifest.datasetHash = Digest.sha256(DatasetCSV.text(rows))
    try run.writeSources(spec: yaml, source: request.source, overrides: request.overrides, files)
    try DatasetCSV.write(rows, to: run.dataset, in: files)
    return manifest
  }

  /// Trains in `run` from `start` on and leaves a finished or resumable run: what beginning and continuing have in common.
  func train(
    _ start: TrainingStart, in run: RunDirectory, holding lock: RunLock, _ manifest: inout Manifest, _ log: RunLog,
    until shouldStop: (Int) -> StopReason?
  ) throws -> Trainer.Outcome {
    defer { withExtendedLifetime(lock) {} }
    let logs = try RunLogs(
      run, metrics: MetricsColumns(spec).all, evaluations: EvaluationColumns(spec).all, lengths: start.lengths,
      keeping: run.beginning, in: files)
    try start.prepare(logs, &manifest)
    let checkpoints = CheckpointObserver(run, logs, spec.record.checkpoints, saved: start.checkpoint, in: files)
    let lanes = Lanes(count: threads)
    if let notice = lanes.notice { log.line(notice) }
    // Progress comes last: what it tells has been recorded, and at an end is on the disk.
    let trainer = Trainer(
      spec, state: start.state, feed: start.feed, lanes: lanes,
      observers: [
        CSVObserver(logs, opening: start.opening, clock: clock), SamplesObserver(run, Preview(spec), in: files) { log.line($0) },
        checkpoints,
        ProgressObserver(log, clock: clock, notices: { (cache?.takeNotices() ?? []) + logs.takeNotices() }),
      ], rewinder: checkpoints, interruption: interruption)
    do {
      let phaseEnds = Set(trainer.schedule.phases.map(\.lastIteration))
      let outcome = try trainer.train { iteration in
        // Who is asked may look at the files: at the end of a phase all rows are there.
        if phaseEnds.contains(iteration) { _ = try? logs.flush() }
        return shouldStop(iteration)
      }
      if outcome != .finished, manifest.sweep == nil {
        log.line("to go on: \(ShellCommand.own(["resume", run.path]))")
      }
      manifest.finished = outcome == .finished ? Timestamp.now.description : nil
      // Finished is only what has whole tables.
      _ = try logs.synchronize()
      for notice in logs.takeNotices() { log.line(notice) }
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

  /// The spec's images, however few.
  func loadDataset() throws -> Dataset {
    // What follows takes more in any case, and where memory ends in the middle of small things nobody can say so.
    try MemoryNeed.program.require(for: "reading the images of '\(spec.name)'")
    var data = spec.data
    if let imageFolder { data.path = imageFolder }
    return try Dataset.load(data, needed: 0, threads: threads, cache: cache)
  }

  /// Throws if there are too few images for the largest batch.
  func requireEnough(_ dataset: Dataset) throws {
    try dataset.require(Schedule(spec).phases.map(\.batch).max() ?? 1, of: spec.data)
  }

  /// Throws if there is less memory than the training takes beside its images, which are there already.
  func requireMemory(_ dataset: Dataset) throws {
    try TrainingMemory(spec, threads: threads, images: dataset.count).requireTraining()
  }

  /// The batches of `dataset` from the first on.
  func feed(_ dataset: Dataset) -> BatchPrefetcher {
    BatchPrefetcher(ImageFeed(dataset, augment: spec.data.augment, range: spec.generator.output.range, seed: spec.seed))
  }

  var yaml: String { spec.yaml }

  /// Takes the directory that the run is to have.
  func take(_ request: Request) throws -> (run: RunDirectory, version: RunVersion) {
    guard let trial = request.trial else { return try RunDirectory.take(RunName(spec.name)!, in: request.runs, files) }
    return (try RunDirectory.take(trial.directory, files), trial.version)
  }

  func manifest(_ version: RunVersion, _ request: Request) -> Manifest {
    var manifest = Manifest(
      id: request.trial?.id ?? "\(spec.name)/\(version)", name: spec.name, version: version.number, seed: spec.seed,
      iterations: Schedule(spec).iterations, created: .now, threads: threads, fadeinVersion: request.version,
      specHash: Digest.sha256(yaml))
    manifest.label = request.label
    manifest.work = WorkShares(spec)
    (manifest.sweep, manifest.trial) = (request.trial?.sweep, request.trial?.number)
    return manifest
  }
}

/// Where a process begins to train.
struct TrainingStart {
  let state: TrainingState
  let feed: BatchPrefetcher
  /// Bytes of each CSV file that stay.
  var lengths: [String: Int]
  /// The iteration of the checkpoint that all this is from; nil at the very beginning.
  let checkpoint: Int?
  /// What that checkpoint says of itself.
  var notes = CheckpointNotes()
  let opening: CSVObserver.Opening
  /// What is still to be written when the CSV files are open and cut.
  var prepare: (RunLogs, inout Manifest) throws -> Void = { _, _ in }
}

extension Dataset {
  /// What `dataset.csv` says of the images.
  package var rows: [DatasetRow] { files.map(DatasetRow.init) }
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
