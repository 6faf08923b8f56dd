import ArgumentParser
import Basics
import Foundation
import Studies
import Training

/// `fadein sweep work`: runs one trial of a sweep. This is what `sweep` starts, here or as a Slurm task.
struct SweepWork: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Runs the next trial of a sweep, or the one of a number.", shouldDisplay: false)

  @Argument(help: "The sweep's directory.", completion: .directory)
  var sweep: String

  @Option(help: ArgumentHelp("The trial; the next one that waits by default.", valueName: "number"))
  var trial: Int?

  @Option(help: ArgumentHelp("How often a trial that fails is tried again.", valueName: "n"))
  var retries = 0

  @Option(help: ArgumentHelp("Stop with a checkpoint when this process is no longer the parent.", valueName: "process"))
  var parent: Int32?

  @Option(help: ArgumentHelp("The exit code when a signal stopped the trial.", valueName: "code"))
  var requeueExit: Int32?

  @OptionGroup var threads: ThreadArguments

  mutating func execute() throws {
    StopRequest.install()
    StopRequest.begin()
    let study = try Study(SweepDirectory(sweep))
    var runner = TrialRunner(study, threads: threads.count, version: Fadein.version, retries: retries)
    runner.interruption.reason = { [parent] in
      if let reason = StopRequest.reason { return .interrupted(reason) }
      return parent.map { getppid() != $0 } == true ? .interrupted("its sweep has ended") : nil
    }
    let end = try runner.run(trial, sink: Silence()) { [runner] _ in runner.interruption.reason() }
    switch end {
    case .nothing: throw ArgumentParser.ExitCode(LocalExecutor.nothingToDo)
    case .settled: return
    case .interrupted:
      throw ArgumentParser.ExitCode(
        requeueExit ?? (StopRequest.received == nil ? ExitCode.interrupted.rawValue : StopRequest.exitCode))
    }
  }

  /// Nobody reads what a worker prints; `log.txt` of the run has it.
  private final class Silence: ProgressSink {
    var isLive: Bool { false }
    func line(_ text: String) {}
    func transient(_ text: String) {}
  }
}
