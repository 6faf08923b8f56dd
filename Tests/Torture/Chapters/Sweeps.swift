import Basics
import Foundation
import Runs

/// A sweep of trials that share their first phase, run by two workers, that is killed again and again.
enum Sweeps: Chapter {
  private static let rates = ["1e-3", "2e-3", "5e-4", "4e-3"]

  private static func text(rates: some Sequence<String>) -> String {
    """
    version: 1
    name: sweep
    experiment: torture.yaml
    overrides: ["optimizer.drops=[]"]
    parameters:
      optimizer.adam.rate: {values: [\(rates.joined(separator: ", "))]}
      schedule.phases.1.hold: {values: [4, 8, 12]}
    repeats: 2
    objective: {metric: nearest}
    workers: 2

    """
  }

  static func run(_ session: Session) throws {
    let workplace = session.experiment.workplace
    let (spec, whole) = (workplace.folder + "/sweep.yaml", workplace.folder + "/sweeps whole")
    let (rates, kills) = (rates.prefix(Count.sweepRates.number(session.isShort)), Count.sweepKills.number(session.isShort))
    try text(rates: rates).write(toFile: spec, atomically: false, encoding: .utf8)
    func words(_ runs: String) -> [String] { ["sweep", spec, "--runs", runs, "--quiet"] }
    let undisturbed = try workplace.run(words(whole))
    session.row("sweep of \(6 * rates.count) trials, \(kills) kills") { trial in
      try check(undisturbed.code == 0, "the undisturbed one ended with \(undisturbed.code): \(undisturbed.errors)")
      for _ in 0..<kills {
        let running = try workplace.start(words(trial.runs))
        MonotonicClock.pause(trial.random.uniform(in: 0...2 * undisturbed.seconds / Double(kills)))
        if trial.random.below(2) == 0 { killWorkers(of: running) }
        _ = running.killed(after: 0)
      }
      let ending = try workplace.run(words(trial.runs))
      try check(ending.code == 0, "it does not go on: \(ending.errors)")
      try compare(Path.join(trial.runs, "sweep/v001"), with: Path.join(whole, "sweep/v001"))
    }
  }

  /// Stops a sweep, so that it starts no more workers, and kills those that it has.
  private static func killWorkers(of running: Running) {
    running.send(SIGSTOP)
    let process = running.process.identifier
    let children = (try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)) ?? ""
    for child in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(child, SIGKILL) }
  }

  /// Ends the trial if the sweep `left` differs from the undisturbed one, or has not finished each trial once.
  private static func compare(_ left: String, with right: String) throws {
    try check(bytes(of: left + "/trials.csv") == bytes(of: right + "/trials.csv"), "trials.csv differs")
    for name in try LocalFileSystem().list(Path.join(right, "trials")) {
      let (left, right) = (RunDirectory("\(left)/trials/\(name)"), RunDirectory("\(right)/trials/\(name)"))
      try check(count(.finish, in: left) == 1, "\(name) did not finish once")
      try checkEqual(left, right, [\.metrics, \.evaluations, \.generator])
    }
  }
}
