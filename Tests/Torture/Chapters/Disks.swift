import Basics
import Foundation
import Runs

/// Disks that are full or read-only, and a limit on the size of files.
enum Disks: Chapter {
  static func run(_ session: Session) {
    for (row, count, body) in [("full disk", Count.fullDisks, fill), ("read-only disk", .once, makeReadOnly)] {
      guard session.mayMount else {
        session.note(row, .skipped("nothing may be mounted here"))
        continue
      }
      session.row(row, count, body)
    }
    session.row("limit on file sizes") { trial in
      // In blocks of 512 bytes; the checkpoints exceed it.
      let wrapper = ["sh", "-c", "ulimit -f 60 && exec \"$@\"", "sh"]
      let ending = try trial.experiment.workplace.run(trial.experiment.beginning(trial.runs), through: wrapper)
      try check(starves(ending, trial.runs), "the run did not end as it should: \(ending.code)")
      try trial.resumeToEnd()
    }
  }

  /// Whether a run ended for want of space: with a documented exit code and one line that names a file in `folder`. Else it must have
  /// reached its end.
  private static func starves(_ ending: Running.Ending, _ folder: String) throws -> Bool {
    if ending.code == 0 { return false }
    try check([73, 74].contains(ending.code), "exit code \(ending.code): \(ending.errors)")
    let (errors, lines) = (ending.errors, ending.errors.split(separator: "\n").count)
    let isNamed = errors.hasPrefix("error: cannot ") && errors.contains("'\(folder)") && errors.contains("': ")
    try check(lines == 1 && isNamed, "said: \(errors)")
    return true
  }

  private static func fill(_ trial: inout Trial) throws {
    let (disk, size) = (trial.runs, 2048)
    let (runs, ballast) = (disk + "/runs", disk + "/ballast")
    let workplace = trial.experiment.workplace
    let free = 4 + trial.random.below(280)
    let threads = 1 + trial.random.below(2)
    try workplace.withDisk(disk, size: "size=\(size)k") {
      try Data(count: 1024 * (size - free)).write(to: URL(filePath: ballast))
      let run = Experiment.first(in: runs)
      if try starves(workplace.run(trial.experiment.beginning(runs)), disk), FileManager.default.fileExists(atPath: run.manifest) {
        // As long as nothing is freed, nothing gets worse.
        let before = try FolderContents(of: run.path)
        let ending = try workplace.run(Experiment.resumption(runs))
        if try starves(ending, disk) { try checkKept(before, in: run) }
      }
      try FileManager.default.removeItem(atPath: ballast)
      if (try? RunStatus(of: run, LocalFileSystem())) == .finished { return try trial.experiment.compare(run) }
      try trial.experiment.resumeToEnd(runs, threads: threads)
      let log = try String(contentsOfFile: run.log, encoding: .utf8)
      try check(!log.contains("damaged"), "a checkpoint was damaged")
    }
  }

  /// Ends the trial if a file of `before` is gone or has other bytes. What tells the run's history may have grown. Tables may have been
  /// cut to what the newest checkpoint counts, and have got rows again.
  private static func checkKept(_ before: FolderContents, in run: RunDirectory) throws {
    let after = try FolderContents(of: run.path)
    for (name, old) in before.files where name != Path.name(of: run.lock) {
      guard let new = after.files[name] else { throw Verdict.failed("\(name) is gone") }
      let isKept =
        switch Path.join(run.path, name) {
        case run.events, run.log: new.starts(with: old)
        case run.metrics, run.timing, run.phases, run.evaluations:
          try zip(timelessRows(Array(old)), timelessRows(Array(new))).allSatisfy(==)
        default: new == old
        }
      try check(isKept, "\(name) has changed")
    }
  }

  private static func makeReadOnly(_ trial: inout Trial) throws {
    let (disk, experiment) = (trial.runs, trial.experiment)
    let runs = disk + "/runs"
    try experiment.workplace.withDisk(disk, size: "") {
      let run = try experiment.stopped(in: runs)
      try check(mount("none", disk, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0, "it cannot be mounted again")
      let before = try FolderContents(of: run.path)
      let ending = try experiment.workplace.run(Experiment.resumption(runs))
      try check(starves(ending, disk), "resume ended with \(ending.code)")
      try check(FolderContents(of: run.path) == before, "something was touched")
      let list = try experiment.workplace.run(["list", "--runs", runs])
      try check((list.output + list.errors).contains("stopped"), "list does not show the run")
      let verification = try experiment.workplace.run(["verify", "torture", "--runs", runs, "--quiet"])
      try check(verification.code == 0, "verify fails: \(verification.errors)")
      try check(mount("none", disk, nil, UInt(MS_REMOUNT), nil) == 0, "it cannot be mounted again")
      try experiment.resumeToEnd(runs)
    }
  }
}
