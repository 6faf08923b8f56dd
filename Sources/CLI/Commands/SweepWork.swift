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

  @Flag(help: "Stop with a checkpoint when standard input ends.")
  var attached = false

  @Option(help: ArgumentHelp("The exit code when a signal stopped the trial.", valueName: "code"))
  var requeueExit: Int32?

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var images: CacheArguments

  mutating func execute() throws {
    StopRequest.install()
    StopRequest.begin()
    let end: TrialRunner.End
    do {
      end = try work()
    } catch let displaced as TrialRunner.Displaced {
      if attached { WorkerProcess.say(displaced.description) }
      throw displaced
    } catch {
      guard let machine = MachineFailure(error) else { throw error }
      // On a full disk there is no other way to tell.
      if attached { WorkerProcess.say(machine.reason) }
      throw machine
    }
    switch end {
    case .nothing: throw ArgumentParser.ExitCode(LocalExecutor.nothingToDo)
    case .settled: return
    case .interrupted:
      // Whoever is at the other end of the input is told that it was not the trial's own end, whatever signal it was.
      throw ArgumentParser.ExitCode(requeueExit ?? (attached ? ExitCode.interrupted.rawValue : StopRequest.exitCode))
    }
  }

  private func work() throws -> TrialRunner.End {
    let study = try Study(SweepDirectory(sweep))
    let isStopped: () -> StopReason? = { [attached] in
      if let reason = StopRequest.reason { return .interrupted(reason) }
      return attached && Self.hasInputEnded ? .interrupted("its sweep was stopped") : nil
    }
    defer { for notice in study.takeNotices() { Console.tell(notice) } }
    return try images.with { cache in
      var runner = TrialRunner(study, threads: threads.count, version: Fadein.build.description, retries: retries, cache: cache)
      runner.interruption.reason = isStopped
      return try runner.run(trial, sink: Silence()) { _ in isStopped() }
    }
  }

  /// Whether standard input, into which nothing is ever written, has ended.
  private static var hasInputEnded: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) > 0
  }

  /// Nobody reads what a worker prints; `log.txt` of the run has it.
  private final class Silence: ProgressSink {
    var isLive: Bool { false }
    func line(_ text: String) {}
    func transient(_ text: String) {}
  }
}
