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

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var folder: RunsArgument

  @Option(help: ArgumentHelp("Stop after this iteration, with a checkpoint.", valueName: "iteration"))
  var stopAfter: Int?

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if let stopAfter, stopAfter < 1 { throw ValidationError("--stop-after must be an iteration from 1 on, not \(stopAfter)") }
  }

  mutating func execute() throws {
    let spec = try arguments.read(checkingFiles: true)
    let source = try LocalFileSystem().contents(of: arguments.spec, limit: 1 << 20)
    let request = TrainingRun.Request(
      runs: folder.runs, label: label, source: source, overrides: arguments.overrides, version: Fadein.version)
    StopRequest.install()
    let stopAfter = stopAfter
    let (_, outcome) = try TrainingRun(spec, threads: threads.count).begin(request, sink: LiveProgress(quiet: quiet)) {
      iteration in
      if let signal = StopRequest.received { return .interrupted(signal == SIGINT ? "interrupted" : "terminated") }
      return stopAfter.map { iteration >= $0 } == true ? .requested("reached --stop-after \(iteration)") : nil
    }
    if let signal = StopRequest.received, outcome == .stopped { throw ArgumentParser.ExitCode(128 + signal) }
  }
}

/// Where runs are.
struct RunsArgument: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of runs.", valueName: "dir"), completion: .directory)
  var runs = "runs"
}
