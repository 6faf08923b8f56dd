import ArgumentParser
import Basics
import Datasets
import Foundation
import Runs
import Spec
import Training

/// `fadein run`: trains.
struct Run: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains an experiment and leaves a run directory.",
    discussion:
      "Everything goes to runs/<name>/v001, v002, ...: metrics.csv, samples, checkpoints, the final generator. Nothing is overwritten."
  )

  @OptionGroup var arguments: SpecArguments

  @Option(help: "A note that list and run.json show.")
  var label: String?

  @Flag(help: "Repeat the run whose spec.yaml this is although its images have changed; events.csv keeps it on record.")
  var accept = false

  @Option(
    help: ArgumentHelp(
      "Begin with the weights of this run's newest checkpoint, or of the one of an iteration.", valueName: "run[@iteration]"))
  var from: String?

  @Flag(
    help: """
      For scripts: resume the newest version that has the same spec and images and is not finished, or begin one. Ends with 0 at once \
      when it is finished, and with 75 while it is running.
      """)
  var resumeOrStart = false

  @OptionGroup var folder: RunsArgument

  @OptionGroup var training: TrainingArguments

  mutating func execute() throws {
    let spec = try arguments.read(checkingFiles: true)
    let files = LocalFileSystem()
    let origin = try from.map { try Origin($0, in: folder.runs, files) }
    if resumeOrStart {
      let start = ResumeOrStart(spec: spec, origin: origin, runs: folder.runs, files: files)
      return try start.run(accept: accept, training) { try begin(spec, origin, files) }
    }
    if !training.quiet, origin == nil, let earlier = UnfinishedRun(of: spec, in: folder.runs, files), earlier.isToBeResumed() {
      return try Resume.resume(earlier.directory, accept: false, training)
    }
    try begin(spec, origin, files)
  }

  /// Begins a new version.
  private func begin(_ spec: ExperimentSpec, _ origin: Origin?, _ files: LocalFileSystem) throws {
    let source = try files.contents(of: arguments.spec, limit: SpecFile.largest)
    var request = TrainingRun.Request(
      runs: folder.runs, label: label, source: source, overrides: arguments.overrides, version: Fadein.build.description)
    request.repeated = try LockedSet(besideSpec: arguments.spec, files).map { (RunDirectory(Path.parent(of: arguments.spec)), $0) }
    request.accept = accept
    request.folder = Path.parent(of: arguments.spec)
    request.origin = origin
    tellOrigin(of: request.repeated?.run, origin, files)
    try training.images.with { cache in
      try training.train { sink, until in
        var run = TrainingRun(spec, threads: training.threads.count, cache: cache)
        run.interruption = training.interruption
        return try run.begin(request, sink: sink, until: until).outcome
      }
    }
  }
}

extension Run {
  /// Says when a run is repeated that began with other weights than this one will.
  private func tellOrigin(of repeated: RunDirectory?, _ origin: Origin?, _ files: LocalFileSystem) {
    guard let repeated, let known = (try? Manifest(repeated, files))?.from, known != origin?.note else { return }
    let path = repeated.path.printable
    let words = "\(path) began with the weights of \(known.run)@\(known.iteration)"
    let note = "--from \(ShellCommand.quoted("\(known.path)@\(known.iteration)")) repeats it"
    Console.tell(Diagnostics([Diagnostic("\(words); this run does not", severity: .warning, note: note)]))
  }
}

struct RunsArgument: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of runs.", valueName: "dir"), completion: .directory)
  var runs = "runs"
}
