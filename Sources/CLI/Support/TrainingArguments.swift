import ArgumentParser
import Training

/// What commands that train have in common: threads, where to stop, what to print, how to end.
struct TrainingArguments: ParsableArguments {
  @OptionGroup var threads: ThreadArguments

  @OptionGroup var images: CacheArguments

  @Option(help: ArgumentHelp("Stop after this iteration, with a checkpoint.", valueName: "iteration"))
  var stopAfter: Int?

  @Option(
    help: ArgumentHelp(
      "The exit code when SIGHUP, SIGINT, SIGTERM or SIGUSR1 stopped the training, for batch systems that start it again.",
      valueName: "code"))
  var requeueExit: Int32?

  @OptionGroup var priority: PriorityArguments

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if let stopAfter, stopAfter < 1 { throw ValidationError("--stop-after must be an iteration from 1 on, not \(stopAfter)") }
    if let requeueExit, !(0...255).contains(requeueExit) {
      throw ValidationError("--requeue-exit must be from 0 to 255, not \(requeueExit)")
    }
  }

  /// How a signal ends a training.
  var interruption: Interruption {
    Interruption(reason: { StopRequest.reason.map { .interrupted($0) } }, willWrite: StopRequest.begin)
  }

  /// Runs `training`, which a signal or `--stop-after` ends early. Throws the exit code of a training that a signal stopped.
  func train(_ training: (any ProgressSink, _ until: @escaping (Int) -> StopReason?) throws -> Trainer.Outcome?) throws {
    StopRequest.install(early: requeueExit)
    priority.apply()
    let outcome = try training(LiveProgress(quiet: quiet)) { iteration in
      if let reason = interruption.reason() { return reason }
      return stopAfter.map { iteration >= $0 } == true ? .requested("reached --stop-after \(iteration)") : nil
    }
    if case .stoppedByRule(let firing) = outcome { throw firing }
    guard outcome == .stopped, StopRequest.received != nil else { return }
    throw ArgumentParser.ExitCode(requeueExit ?? StopRequest.exitCode)
  }
}
