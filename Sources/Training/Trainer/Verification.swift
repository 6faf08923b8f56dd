import Basics
import Datasets
import Evaluation
import Foundation
import Kernels
import Models
import Runs
import Spec

/// A proof that a run continues bit for bit: the iterations between two points of it, done again in memory and compared.
package struct Verification {
  /// The re-run begins after this iteration; 0 is the very beginning.
  package let from: Int
  /// The iteration of the checkpoint that it must arrive at.
  package let to: Int
  /// What it will take by the times in `timing.csv`, in seconds; nil when these do not say.
  package let estimatedSeconds: Double?
  /// Why newer checkpoints were passed over, a sentence each.
  package let skipped: [String]

  let run: RecordedRun
  private let start: StoredCheckpoint?
  private let end: StoredCheckpoint

  /// Seconds that a re-run from the very beginning may take without being asked for.
  package static let affordableSeconds = 300.0

  /// Chooses the two points: by default the newest whole checkpoint and the one before it. Throws when there are none, or when
  /// only a long re-run from the very beginning is left and `from` does not ask for it.
  ///
  /// The run may be training meanwhile, and remove a checkpoint between being listed and being opened. Then the choice is made again;
  /// what was opened once stays readable.
  package init(_ directory: RunDirectory, from: Int? = nil, to: Int? = nil, in files: any FileSystem = LocalFileSystem()) throws {
    run = try RecordedRun(directory, files)
    var choice: Choice?
    for _ in 1..<Self.attempts where choice == nil {
      do { choice = try Choice(run, from: from, to: to) } catch let error as FileError where error.isNotFound { continue }
    }
    let chosen = try choice ?? Choice(run, from: from, to: to)
    (start, end, skipped) = (chosen.start, chosen.end, chosen.skipped)
    self.from = chosen.start?.iteration ?? 0
    self.to = chosen.end.iteration
    estimatedSeconds = Self.seconds(run, from: self.from, to: self.to)
    if start == nil, from == nil, (estimatedSeconds ?? .infinity) > Self.affordableSeconds {
      let time = estimatedSeconds.map { ", about \(ProgressObserver.duration($0))" } ?? ""
      throw Choice.refusal(
        of: run, "there is only one checkpoint", "--from 0 verifies it from the very beginning: \(self.to) iterations\(time)")
    }
  }

  /// Times that the two points are chosen while checkpoints come and go.
  private static let attempts = 10

  /// The two points, opened. Throws a `FileError` that means "not found" when one has gone meanwhile.
  private struct Choice {
    let start: StoredCheckpoint?
    let end: StoredCheckpoint
    private(set) var skipped: [String] = []

    static func refusal(
      of run: RecordedRun, _ message: String, _ note: String? = nil, _ code: ExitCode = .inputNotFound, suggestion: String? = nil
    ) -> Diagnostics {
      Diagnostics("\(message) in '\(run.directory.path.printable)'", note: note, suggestion: suggestion, exitCode: code)
    }

    init(_ run: RecordedRun, from: Int?, to: Int?) throws {
      let store = run.store
      let iterations = try store.iterations()
      func known(_ option: String, _ iteration: Int) throws -> StoredCheckpoint {
        guard iterations.contains(iteration) else {
          let list = iterations.map(String.init).joined(separator: ", ")
          throw Self.refusal(
            of: run, "\(option): there is no checkpoint of iteration \(iteration)", list.isEmpty ? nil : "there are: \(list)",
            suggestion: CheckpointStore.closest(to: iteration, among: iterations))
        }
        return try store.open(iteration)
      }
      var skipped: [String] = []
      func newest(before limit: Int) throws -> StoredCheckpoint? {
        for iteration in iterations.reversed() where iteration < limit {
          do {
            return try store.open(iteration)
          } catch let error as FileError where error.isNotFound {
            throw error
          } catch {
            skipped.append("\(error)")
          }
        }
        return nil
      }
      if let from, let to, from >= to { throw Self.refusal(of: run, "--from \(from) is not before --to \(to)", nil, .usage) }
      // That of iteration 0, which is there for roll backs, is the very beginning itself.
      guard let end = try to.map({ try known("--to", $0) }) ?? newest(before: .max), end.iteration > 0 else {
        throw Self.refusal(of: run, "there is no checkpoint to verify")
      }
      let iterationCount = Schedule(run.spec).iterations
      guard end.iteration <= iterationCount else {
        let message = "there is a checkpoint of iteration \(end.iteration), but the schedule ends at \(iterationCount)"
        throw Self.refusal(of: run, message, nil, .badData)
      }
      if let from, from >= end.iteration { throw Self.refusal(of: run, "there is no checkpoint after iteration \(from)") }
      // The beginning is drawn anew, unless it was another run's weights.
      let isDrawn = run.manifest.from == nil
      start = try from.map { $0 == 0 && isDrawn ? nil : try known("--from", $0) } ?? newest(before: end.iteration)
      guard isDrawn || start != nil else {
        throw Self.refusal(of: run, "there is only one checkpoint that can be used, and the beginning is another run's")
      }
      self.end = end
      self.skipped = skipped
    }
  }

  /// What came of it.
  package struct Report {
    /// The first difference of each kind, in words; empty when everything is equal.
    package let differences: [String]
    package let tensors: Int
    /// Those of the networks, and those of the data's order and augmentation.
    package let streams: Int
    /// Of `metrics.csv` and of `evaluations.csv`.
    package var rows = 0
    package var evaluations = 0
  }

  /// Does the iterations again on `threads` threads. Writes nothing but to `cache`. Throws when spec or images have changed.
  package func callAsFunction(threads: Int, cache: ImageCache? = nil) throws -> Report {
    var training = TrainingRun(run.spec, threads: threads, cache: cache, in: run.files)
    training.imageFolder = try run.movedImages()
    let dataset = try training.loadDataset()
    let changes = RunChanges(run, end, dataset)
    guard changes.isEmpty else {
      throw changes.refusal("verify", run.directory, note: "a re-run can only be equal with what the run had")
    }
    if let hash = run.manifest.datasetHash, try datasetHash() != hash {
      throw Diagnostics(
        "cannot verify '\(run.directory.path)': its dataset.csv is not the one that it wrote", note: "put that back",
        exitCode: .badData)
    }
    try training.requireEnough(dataset)
    try TrainingMemory(run.spec, threads: threads, images: dataset.count).requireTraining(copies: 2)
    let (expected, expectedFeed) = (TrainingState(run.spec), training.feed(dataset))
    let endLengths = try expected.restore(end, expectedFeed)
    let (state, feed) = (TrainingState(run.spec), training.feed(dataset))
    let startLengths = try start.map { try state.restore($0, feed) } ?? [:]
    let replay = Replay(every: run.spec.record.checkpoints.every)
    let trainer = Trainer(
      run.spec, state: state, feed: feed, lanes: Lanes(count: threads), observers: [replay], rewinder: replay)
    // What a roll back has undone comes by twice; the checkpoint is of the time after it.
    let limit = to + replay.every + trainer.watch.longest
    func hasArrived() -> Bool {
      state.iteration >= to && (state.watch.rollBacks == expected.watch.rollBacks || state.iteration >= limit)
    }
    do {
      // A run that a rule has stopped was resumed, or there would be no later checkpoint.
      while case .stoppedByRule = try trainer.train(until: { _ in hasArrived() ? .requested("verified") : nil }), !hasArrived() {}
    } catch is Trainer.Diverged {
      return Report(differences: ["iteration \(state.iteration): the loss is not finite here"], tensors: 0, streams: 0)
    }
    guard state.watch == expected.watch else {
      return Report(
        differences: ["watch rules: \(expected.watch) in the checkpoint, \(state.watch) re-run"], tensors: 0, streams: 0)
    }
    func difference(_ path: String, _ columns: [Column], _ lines: [String]) throws -> String? {
      let (name, header) = (Path.name(of: path), CSV.header(columns).utf8.count)
      let key = String(name.dropLast(".csv".count))
      let (lower, upper) = (startLengths[key] ?? header, endLengths[key] ?? header)
      guard lower <= upper else {
        throw UnusableFile(
          end.file.path, "it tells that \(name) has \(upper) bytes, but an earlier checkpoint \(lower)", for: .continueFrom)
      }
      return try csvDifference(path, columns, lines, lower..<upper)
    }
    let evaluated = EvaluationColumns(run.spec).all
    let differences = [
      try difference(run.directory.metrics, trainer.columns.all, replay.rows.map(\.line)),
      // A checkpoint of before there were evaluations tells nothing of them.
      evaluated.isEmpty || endLengths["evaluations"] == nil
        ? nil
        : try difference(run.directory.evaluations, evaluated, replay.evaluations.map(\.line)),
      Self.streamDifference(expected, state),
      expectedFeed.state == feed.state
        ? nil : "the place in the images: \(expectedFeed.state) in the checkpoint, \(feed.state) re-run",
      Self.tensorDifference(expected, state),
    ].compactMap { $0 }
    let rest = try restDifferences(endLengths, state, shown: replay.shown)
    return Report(
      differences: differences + rest, tensors: state.buffers.count, streams: 5, rows: replay.rows.count,
      evaluations: replay.evaluations.count)
  }

  /// The digest of the run's `dataset.csv`; nil for a file that is larger than any that a run writes.
  private func datasetHash() throws(FileError) -> String? {
    do throws(FileError) {
      return try Digest.sha256(file: run.directory.dataset, limit: DatasetCSV.limits.fileBytes, in: run.files)
    } catch  where error.errno == EFBIG {
      return nil
    }
  }

  /// The first line of a CSV file in a range of bytes that is not as it was made anew.
  private func csvDifference(_ path: String, _ columns: [Column], _ lines: [String], _ bytes: Range<Int>) throws -> String? {
    let newline = UInt8(ascii: "\n")
    let (first, text) = try run.files.reading(path) { (file, size) throws(FileError) in
      let start = min(size, bytes.lowerBound)
      guard start <= Self.largestTable else { throw FileError(.read, path, errno: EFBIG) }
      // More than the rows made anew and one long one differs anyway.
      let end = min(size, bytes.upperBound, start + lines.reduce(Self.pieceBytes) { $0 + $1.utf8.count })
      var (line, offset) = (1, 0)
      while offset < start {
        let piece = try run.files.read(min(Self.pieceBytes, start - offset), from: file, at: offset)
        if piece.isEmpty { break }
        line += piece.count { $0 == newline }
        offset += piece.count
      }
      return (line, try run.files.read(end - start, from: file, at: start))
    }
    let recorded = text.split(separator: newline).map { String(decoding: $0, as: UTF8.self) }
    let made = lines.map { String($0.dropLast()) }
    for index in 0..<max(recorded.count, made.count) {
      let (left, right) = (recorded.dropFirst(index).first, made.dropFirst(index).first)
      guard left != right else { continue }
      let line = "\(Path.name(of: path)), line \(first + index)"
      guard let left, let right else { return "\(line): \(left == nil ? "it is missing" : "the re-run has no such row")" }
      let cells = zip(
        left.split(separator: ",", omittingEmptySubsequences: false), right.split(separator: ",", omittingEmptySubsequences: false))
      guard let cell = zip(columns, cells).first(where: { $1.0 != $1.1 }) else {
        return "\(line): '\(left)' recorded, '\(right)' re-run"
      }
      return "\(line), \(cell.0.name): \(cell.1.0) recorded, \(cell.1.1) re-run"
    }
    return nil
  }

  /// Bytes of the longest table that is read to count its lines.
  private static let largestTable = 8 << 30

  /// Bytes of the rows before those that are compared that are counted at a time.
  private static let pieceBytes = 1 << 20

  private static func streamDifference(_ expected: TrainingState, _ found: TrainingState) -> String? {
    let streams: [KeyPath<TrainingState, RandomStream>] = [\.generatorLatents, \.discriminatorLatents, \.mixes]
    for stream in streams where expected[keyPath: stream].position != found[keyPath: stream].position {
      let (left, right) = (expected[keyPath: stream], found[keyPath: stream])
      return "random stream '\(left.name)': position \(left.position) in the checkpoint, \(right.position) re-run"
    }
    if expected.images != found.images {
      return "images shown: \(expected.images.total) in the checkpoint, \(found.images.total) re-run"
    }
    for (name, count) in expected.steps.sorted(by: { $0.key < $1.key }) where found.steps[name] != count {
      return "Adam's steps of '\(name)': \(count) in the checkpoint, \(found.steps[name] ?? 0) re-run"
    }
    return nil
  }

  /// The first tensor by name and its first element whose bits differ.
  private static func tensorDifference(_ expected: TrainingState, _ found: TrainingState) -> String? {
    for name in expected.buffers.keys.sorted() {
      let (left, right) = (expected.buffers[name]!, found.buffers[name]!)
      guard memcmp(left.base, right.base, 4 * left.count) != 0 else { continue }
      let index = (0..<left.count).first { left.base[$0].bitPattern != right.base[$0].bitPattern }!
      let place = "tensor '\(name)' \(expected.shapes[name] ?? []), element \(index)"
      return "\(place): \(left.base[index]) in the checkpoint, \(right.base[index]) re-run"
    }
    return nil
  }

  /// A row of `timing.csv` that does not say how long an iteration took.
  private struct NoTime: Error {}

  /// The time of the iterations after `from` up to `to`: those in `timing.csv`, the others like the nearest before.
  private static func seconds(_ run: RecordedRun, from: Int, to: Int) -> Double? {
    guard let table = try? TableFile(run.directory.timing, run.files) else { return nil }
    var (total, reached, last) = (0.0, from, Double?.none)
    let rows: Void? = try? table.forEachRow([Column.iteration.name, Column.milliseconds.name], run.files) { row in
      guard let iteration = row[0].flatMap({ Int(exactly: $0) }), let time = row[1] else { throw NoTime() }
      last = time
      guard iteration > reached, reached < to else { return }
      let next = min(iteration, to)
      total += Double(next - reached) * time * 1e-3
      reached = next
    }
    guard rows != nil, reached < to else { return rows == nil ? nil : total }
    return last.map { total + Double(to - reached) * $0 * 1e-3 }
  }
}
