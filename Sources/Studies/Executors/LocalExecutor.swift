import Basics
import Datasets
import Foundation
import Runs
import Spec
import Training

/// Runs a sweep on this machine: a process for each trial, so many at a time. It holds nothing but its processes; what it knows
/// it reads from the sweep's directory.
package final class LocalExecutor {
  /// What is done now and then while processes work.
  package enum Step {
    case began(slot: Int)
    /// The system gives no process for more workers than these.
    case limited(workers: Int)
    /// A file of the sweep was put right: a sentence.
    case mended(String)
    case ended(Trial)
    /// Nothing in particular: time to show the status.
    case looked
  }

  /// How the work is done.
  package struct Options {
    /// The program that is run as a worker, and the arguments before its own.
    package var program: String
    package var workers: Int
    /// For each worker.
    package var threads: Int
    package var retries: Int

    /// Where decoded images are kept; nil: nowhere, and workers keep none either.
    package var cache: ImageCache?

    package init(program: String, workers: Int, threads: Int, retries: Int, cache: ImageCache? = nil) {
      self.program = program
      self.workers = workers
      self.threads = threads
      self.retries = retries
      self.cache = cache
    }
  }

  /// How a worker ends that found nothing to do.
  package static let nothingToDo: Int32 = 3

  /// Seconds between two looks, before a worker is started anew after one that found nothing, and after one that somebody told to
  /// stop: when everybody is told, this process may be the last to hear of it.
  private static let (lookSeconds, restSeconds, truceSeconds) = (0.25, 1.0, 3.0)

  private let study: Study
  private let options: Options
  private var workers: [Int: WorkerProcess] = [:]
  /// Workers that the system gives processes for.
  private var most = Int.max
  private var rest = Deadline(in: 0)
  /// Workers in a row that ended before they took a trial, and after how many of them it is given up.
  private var barren = 0
  private static let mostBarren = 5

  package init(_ study: Study, _ options: Options) { (self.study, self.options) = (study, options) }

  /// Runs what remains of the sweep. Returns false when `shouldStop` became true: the trials under way have their checkpoints.
  package func run(until shouldStop: () -> Bool, _ tell: (Step) throws -> Void) throws -> Bool {
    // One at a time: two would give each other's workers nothing to do.
    guard let lock = try FileLock(trying: study.directory.lock, study.files) else {
      throw Busy(path: study.directory.path)
    }
    defer { withExtendedLifetime(lock) {} }
    // Who removes it lets another process begin: this one then writes no more.
    study.files.guardWrites(in: study.directory.path, by: lock.file)
    defer { study.files.guardWrites(in: study.directory.path, by: nil) }
    try study.sweepTemporaries()
    // Nobody else writes these while the lock is held.
    let kept = try KeptFiles(study.directory.beginning + study.imageLists(), replaced: true, study.files)
    try study.requireManifests(study.table().trials)
    defer { interrupt() }
    var known = try study.table()
    while !shouldStop() {
      try kept.restore()
      try study.keepRungs()
      if rest.isOver {
        let remaining = try study.remaining(study.table())
        if remaining == 0, workers.isEmpty { break }
        for slot in 0..<options.workers where workers[slot] == nil && workers.count < min(remaining, most) {
          do {
            workers[slot] = try start()
          } catch let refusal as WorkerProcess.NotStarted where refusal.isLimit && !workers.isEmpty {
            most = workers.count
            try tell(.limited(workers: most))
            break
          }
          try tell(.began(slot: slot))
        }
      }
      WorkerProcess.wait(for: workers.values, seconds: Self.lookSeconds)
      try collect(kept, tell)
      let table = try study.table()
      for trial in table.trials where trial.status != .waiting {
        let before = known.trials.count >= trial.number ? known[trial.number].status : .waiting
        if before != trial.status { try tell(.ended(trial)) }
      }
      known = table
      for notice in kept.takeNotices() + study.takeNotices() { try tell(.mended(notice)) }
      try tell(.looked)
    }
    // Of workers that were killed meanwhile.
    try study.sweepTemporaries()
    return !shouldStop()
  }

  /// Looks which workers have ended, and puts on record what those were doing that did not end by themselves.
  private func collect(_ kept: KeptFiles, _ tell: (Step) throws -> Void) throws {
    for (slot, worker) in workers {
      guard let end = worker.poll() else { continue }
      workers[slot] = nil
      switch end {
      case .exited(ExitCode.done.rawValue): barren = 0
      case .exited(Self.nothingToDo): rest = Deadline(in: Self.restSeconds)
      case .exited(ExitCode.interrupted.rawValue), .exited(128 + SIGHUP), .exited(128 + SIGTERM), .exited(128 + SIGUSR1),
        .exited(ExitCode.busy.rawValue):
        rest = Deadline(in: Self.truceSeconds)
      case .exited(ExitCode.badData.rawValue):
        // Something is wrong with the sweep's files, or was until now; a trial's own failure is on record.
        try kept.restore(thoroughly: true)
        let waiting = try study.table().trials.filter { $0.status == .waiting }
        try study.requireSameImages(study.source, waiting, threads: options.threads, cache: options.cache)
        try study.requireManifests(waiting)
        try study.requireRuns()
        try wasBarren(worker.lastWords() ?? "the last ended with code \(ExitCode.badData.rawValue)")
      case .exited(let code):
        if let words = worker.lastWords() {
          // Where there is too little for all, fewer may have enough.
          guard code == ExitCode.systemLimit.rawValue, !workers.isEmpty else {
            throw MachineFailure(reason: words, exitCode: ExitCode(rawValue: code) ?? .ioError)
          }
          most = min(most, workers.count)
          try tell(.limited(workers: most))
          continue
        }
        try blame(worker.identifier, "ended with code \(code)")
      case .killed(let signal): try blame(worker.identifier, "was killed by signal \(signal)")
      }
    }
  }

  /// Counts the end of worker `process` as a failure of the trial that it ran.
  private func blame(_ process: Int32, _ reason: String) throws {
    for trial in try study.table().trials where trial.status == .waiting {
      guard try study.lastWorker(on: trial) == process, try !study.isRunning(trial) else { continue }
      try study.recordFailure(
        of: trial, "its process \(reason); see \(Path.name(of: study.directory.log))", retries: options.retries)
      barren = 0
      return
    }
    try wasBarren("the last \(reason)")
  }

  /// Counts a worker that has done nothing, and gives up after several.
  private func wasBarren(_ reason: String) throws {
    barren += 1
    guard barren < Self.mostBarren else { throw Barren(log: study.directory.log, reason: reason) }
    rest = Deadline(in: Self.restSeconds)
  }

  /// One worker after the other has done nothing.
  package struct Barren: UserFacingError {
    package let log: String
    package let reason: String
    package var exitCode: ExitCode { .ioError }
    package var description: String { "no worker gets anywhere: \(reason); '\(log)' says more" }
  }

  /// Starts a worker. What it has to say goes to a file: runs have logs of their own.
  private func start() throws -> WorkerProcess {
    let log = try study.files.open(study.directory.log, .append)
    defer { try? study.files.close(log) }
    return try WorkerProcess(
      options.program,
      [
        "sweep", "work", study.directory.path, "--threads", String(options.threads), "--retries", String(options.retries),
        "--attached",
      ] + (options.cache == nil ? ["--no-cache"] : []), log: log.descriptor)
  }

  /// Asks the workers to leave checkpoints, and waits for them.
  private func interrupt() {
    for worker in workers.values { worker.letGo() }
    for worker in workers.values { worker.wait() }
    workers = [:]
  }

  /// Another process runs the sweep.
  package struct Busy: UserFacingError {
    package let path: String
    package var exitCode: ExitCode { .busy }
    package var description: String { "'\(path)' is run by another process already" }
  }
}

extension Study {
  /// The process on this machine that was the last to run `trial`.
  fileprivate func lastWorker(on trial: Trial) throws -> Int32? {
    let path = Path.join(directory.claims, trial.name)
    guard try files.status(of: path) != nil else { return nil }
    let words = String(decoding: try files.contents(of: path, limit: 1 << 12), as: UTF8.self).split(separator: " ")
    return words.count >= 2 ? Int32(words[1]) : nil
  }
}
