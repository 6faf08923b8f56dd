import ArgumentParser
import Basics
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

  @OptionGroup var folder: RunsArgument

  @OptionGroup var training: TrainingArguments

  mutating func execute() throws {
    let spec = try arguments.read(checkingFiles: true)
    let files = LocalFileSystem()
    if !training.quiet, let earlier = UnfinishedRun(of: spec, in: folder.runs, files), earlier.isToBeResumed() {
      return try Resume.resume(earlier.directory, accept: false, training)
    }
    let source = try files.contents(of: arguments.spec, limit: 1 << 20)
    var request = TrainingRun.Request(
      runs: folder.runs, label: label, source: source, overrides: arguments.overrides, version: Fadein.version)
    request.repeated = LockedSet(besideSpec: arguments.spec, files).map { (RunDirectory(Path.parent(of: arguments.spec)), $0) }
    request.accept = accept
    request.folder = Path.parent(of: arguments.spec)
    try training.images.with { cache in
      try training.train { sink, until in
        var run = TrainingRun(spec, threads: training.threads.count, cache: cache)
        run.interruption = training.interruption
        return try run.begin(request, sink: sink, until: until).outcome
      }
    }
  }
}

/// Where runs are.
struct RunsArgument: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of runs.", valueName: "dir"), completion: .directory)
  var runs = "runs"
}
