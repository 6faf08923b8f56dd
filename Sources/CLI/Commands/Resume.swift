import ArgumentParser
import Basics
import Runs
import Training

/// `fadein resume`: continues an interrupted run.
struct Resume: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Continues an interrupted or stopped run, bit for bit.",
    discussion: """
      The run goes on from its newest whole checkpoint and ends with the same weights, samples and metrics.csv as if it had never \
      been interrupted. A run without a checkpoint begins again in its directory. A finished run is trained on with --until, or after \
      the hold of the last phase in its spec.yaml was made longer and --accept says so.
      """)

  @OptionGroup var run: RunArgument

  @Flag(help: "Go on although spec.yaml or the images have changed, or no checkpoint can be used; events.csv keeps it on record.")
  var accept = false

  @Option(
    help: ArgumentHelp(
      "Train until this iteration, finished or not: the hold of the last phase in spec.yaml becomes longer or shorter, on record.",
      valueName: "iteration"))
  var until: Int?

  @OptionGroup var training: TrainingArguments

  func validate() throws {
    if let until, until < 1 { throw ValidationError("--until must be an iteration from 1 on, not \(until)") }
    if let until, let stop = training.stopAfter, stop >= until {
      throw ValidationError("--stop-after \(stop) is not before --until \(until)")
    }
  }

  mutating func execute() throws {
    try Self.resume(try run.find(LocalFileSystem()), accept: accept, until: until, training)
  }

  /// Resumes the run in `directory`.
  static func resume(_ directory: RunDirectory, accept: Bool, until: Int? = nil, _ arguments: TrainingArguments) throws {
    try arguments.images.with { cache in
      var options = TrainingRun.ResumeOptions(
        threads: arguments.threads.count, accept: accept, stopAfter: arguments.stopAfter, version: Fadein.build.description,
        cache: cache)
      options.until = until
      options.interruption = arguments.interruption
      try arguments.train { sink, shouldStop in
        let outcome = try TrainingRun.resume(directory, options, sink: sink, until: shouldStop)
        if outcome == nil && !arguments.quiet { print("\(directory.path.printable) is finished: there is nothing to resume") }
        return outcome
      }
    }
  }
}
