import ArgumentParser
import Basics
import Datasets
import Foundation
import Kernels
import Runs
import Spec
import Studies
import Training

/// `fadein sweep FILE`: begins a sweep, or continues it.
struct SweepRun: FadeinCommand {
  enum Place: String, CaseIterable, ExpressibleByArgument {
    case local, slurm
  }

  /// Trials from which on it takes so long to check them that it is said.
  private static let many = 1_000

  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs the sweep in a file, or continues it (the default).")

  @Argument(help: "The sweep's YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var folder: RunsArgument

  @Flag(help: "Show every trial and what all of them take; run and write nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp("With --dry-run: also save the trials.", valueName: "file.csv"), completion: .file(extensions: ["csv"]))
  var csv: String?

  @Flag(inversion: .prefixedNo, help: "With --dry-run: time iterations for the estimate.")
  var timing = true

  @Option(help: ArgumentHelp("Trials at a time; by default what the file says.", valueName: "n"))
  var workers: Int?

  @Option(help: "Where trials run: processes here, or tasks of a Slurm cluster.")
  var executor = Place.local

  @Option(help: ArgumentHelp("How often a trial that fails is tried again.", valueName: "n"))
  var retries = 0

  @Flag(help: "Begin a new version although there is one to continue.")
  var new = false

  @Flag(help: "With --executor slurm: write the files of the jobs, and submit nothing.")
  var emitOnly = false

  @Flag(help: "With --executor slurm: submit although tasks may be in the queue, or squeue does not answer.")
  var submitAnyway = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var output: OutputArguments

  @OptionGroup var images: CacheArguments

  @OptionGroup var priority: PriorityArguments

  func validate() throws {
    if let workers, !(1...1024).contains(workers) { throw ValidationError("--workers must be from 1 to 1024, not \(workers)") }
    if retries < 0 { throw ValidationError("--retries must be 0 or more, not \(retries)") }
    if csv != nil, !dryRun { throw ValidationError("--csv belongs to --dry-run") }
    if output.force, csv == nil { throw ValidationError("--force belongs to --csv") }
    if submitAnyway, executor != .slurm { throw ValidationError("--submit-anyway belongs to --executor slurm") }
    if emitOnly, executor != .slurm { throw ValidationError("--emit-only belongs to --executor slurm") }
  }

  mutating func execute() throws {
    try MemoryNeed.program.require(for: "a sweep")
    let outputs = output.files()
    if let csv { try outputs.check([csv], .bill) }
    let source = try SweepSource(path: file)
    let trials = try source.plannedTrials()
    if !quiet, trials.count >= Self.many { Console.tell("checking \(trials.count) trials") }
    try source.validate(trials, path: file)
    let workers = workers ?? source.sweep.workers
    if dryRun {
      return try SweepBillText(source, trials, workers: workers, threads: threads.count, timing: timing).show(csv: csv, outputs)
    }
    try images.with { cache in
      let fitting =
        executor == .local ? try source.fittingWorkers(workers, trials, threads: max(1, threads.count / workers)) : workers
      if fitting < workers { say("only \(fitting) of \(workers) trials fit into memory at a time") }
      try run(try open(source, trials, cache), source, workers: fitting, cache)
    }
  }

  private func run(_ study: Study, _ source: SweepSource, workers: Int, _ cache: ImageCache?) throws {
    switch executor {
    case .local: try runHere(study, workers: workers, cache)
    case .slurm:
      try SlurmSubmission(
        study, source.sweep.slurm, workers: workers, retries: retries, emitOnly: emitOnly, anyway: submitAnyway, quiet: quiet
      ).submit()
    }
  }

  /// The sweep to go on with, or a new one.
  private func open(_ source: SweepSource, _ trials: [Trial], _ cache: ImageCache?) throws -> Study {
    try SweepDirectory.exclusively(RunName(source.sweep.name)!, in: folder.runs, LocalFileSystem()) { files in
      try find(source, trials, cache, files)
    }
  }

  private func find(_ source: SweepSource, _ trials: [Trial], _ cache: ImageCache?, _ files: any FileSystem) throws -> Study {
    func begin() throws -> Study {
      try Study.begin(
        source, file: file, trials: trials, in: folder.runs, version: Fadein.version, threads: threads.count, cache: cache, files)
    }
    func anew(_ directory: SweepDirectory, _ settings: [String]) throws -> Study {
      Console.tell("\(directory.path.printable) was of another sweep file (\(settings.joined(separator: ", "))); this begins anew")
      return try begin()
    }
    guard !new, let directory = try SweepDirectory.newest(source.sweep.name, in: folder.runs, files) else { return try begin() }
    let study = try Study.goingOn(directory, with: source, threads: threads.count, cache: cache, files)
    let change = try SweepChange(source, trials, to: study)
    if case .different(let settings) = change { return try anew(directory, settings) }
    try study.requireRuns()
    let isElsewhere = try study.hasOtherFolders(than: source, trials)
    do {
      if try isElsewhere || change != .same || study.remaining(study.table()) > 0 {
        try study.requireSameImages(source, trials, threads: threads.count, cache: cache)
      }
    } catch let changed as SweepImages.Changed {
      guard isElsewhere else { throw changed }
      return try anew(directory, ["the images in another folder"])
    }
    guard case .extended(let more, let count) = change else {
      return try study.moved(to: source, file: file, hasOtherFolders: isElsewhere)
    }
    say("\(directory.path.printable) is extended by \(count) \(count == 1 ? "trial" : "trials")")
    return try study.moved(to: source, file: file, hasOtherFolders: isElsewhere).extend(
      source, more, threads: threads.count, cache: cache)
  }

  private func runHere(_ study: Study, workers: Int, _ cache: ImageCache?) throws {
    StopRequest.install()
    priority.apply()
    StopRequest.begin()
    let path = study.directory.path.printable
    let before = try study.table()
    guard study.remaining(before) > 0 else {
      say("\(path) is finished: there is nothing to run")
      if let exhausted = try SweepStatusText(study).exhausted { say(exhausted) }
      return
    }
    let each = max(1, threads.count / workers)
    let done = before.trials.count { $0.status != .waiting }
    say(
      "\(path): \(study.remaining(before)) trials to run\(done > 0 ? ", \(done) done" : ""), \(workers) at a time, \(each) \(each == 1 ? "thread" : "threads") each"
    )
    let options = LocalExecutor.Options(
      program: Self.program, workers: workers, threads: each, retries: retries, cache: cache)
    let progress = SweepProgress(study, quiet: quiet)
    let isDone = try LocalExecutor(study, options).run(until: { StopRequest.received != nil }) { try progress.tell($0) }
    progress.end()
    guard isDone else {
      say(
        "\(path): stopped; the trials under way have checkpoints, and the same command goes on: \(ShellCommand.own(Array(ProgramArguments.all.dropFirst())))"
      )
      throw ArgumentParser.ExitCode(StopRequest.exitCode)
    }
    if !quiet { print(try SweepStatusText(study).text, terminator: "") }
  }

  private func say(_ text: String) { if !quiet { print(text) } }

  /// This program's file.
  static var program: String {
    guard let text = realpath("/proc/self/exe", nil) else { return ProgramArguments.all[0] }
    defer { free(text) }
    return SystemText.decode(text)
  }
}
