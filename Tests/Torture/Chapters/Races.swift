import Basics
import Foundation
import Runs

/// Several that want one run at once.
enum Races: Chapter {
  static func run(_ session: Session) throws {
    session.row("race of three for a run", .races) { try race(&$0, session) }
    try resumeHeld(session)
  }

  /// Of three that resume one run, exactly one does.
  private static func race(_ trial: inout Trial, _ session: Session) throws {
    let run = try trial.experiment.stopped(in: trial.runs)
    let racers = try (0..<3).map { _ in try trial.experiment.workplace.start(["resume", run.path]) }
    let endings = racers.map { $0.wait() }
    for ending in endings {
      try check(ending.code == 0 || ending.code == 75, "exit code \(ending.code): \(ending.errors)")
      if ending.code == 75 { session.slowestRefusal = max(session.slowestRefusal, ending.seconds) }
    }
    // Who comes when all is over finds nothing to do.
    let winners = endings.count { $0.code == 0 && !$0.output.contains("nothing to resume") }
    let resumptions = try count(.resume, in: run)
    try check(winners == 1 && resumptions == 1, "\(winners) won, \(resumptions) resumed \(run.path)")
    try trial.experiment.compare(run)
  }

  /// Somebody else's run, held by a process that stands still.
  private static func resumeHeld(_ session: Session) throws {
    let (row, workplace) = ("resume of a held run", session.experiment.workplace)
    let runs = workplace.folder + "/held"
    let words = ["run", session.experiment.spec, "schedule.phases.0.hold=1000000", "--runs", runs]
    let holder = try workplace.start(words)
    defer { _ = holder.killed(after: 0) }
    guard holder.wait(forOutput: "phase 1/2") else {
      return session.note(row, .failed("its holder ended: \(holder.wait().errors)"))
    }
    holder.send(SIGSTOP)
    let before = try FolderContents(of: runs)
    session.row(row, .heldResumes) { _ in
      let ending = try workplace.run(Experiment.resumption(runs))
      session.slowestRefusal = max(session.slowestRefusal, ending.seconds)
      try check(ending.code == 75, "exit code \(ending.code): \(ending.errors)")
      try check(FolderContents(of: runs) == before, "something was touched")
      try check(session.isShort || ending.seconds <= 1, "it took \(ending.seconds) s")
    }
  }
}
