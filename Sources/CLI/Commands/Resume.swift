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
      been interrupted. A run without a checkpoint begins again in its directory.
      """)

  @OptionGroup var run: RunArgument

  @Flag(help: "Go on although spec.yaml or the images have changed, or no checkpoint can be used; events.csv keeps it on record.")
  var accept = false

  @OptionGroup var training: TrainingArguments

  mutating func execute() throws {
    try Self.resume(try run.find(LocalFileSystem()), accept: accept, training)
  }

  /// Resumes the run in `directory`.
  static func resume(_ directory: RunDirectory, accept: Bool, _ arguments: TrainingArguments) throws {
    try arguments.images.with { cache in
      var options = TrainingRun.ResumeOptions(
        threads: arguments.threads.count, accept: accept, stopAfter: arguments.stopAfter, version: Fadein.version, cache: cache)
      options.interruption = arguments.interruption
      try arguments.train { sink, until in
        let outcome = try TrainingRun.resume(directory, options, sink: sink, until: until)
        if outcome == nil && !arguments.quiet { print("\(directory.path.printable) is finished: there is nothing to resume") }
        return outcome
      }
    }
  }
}
