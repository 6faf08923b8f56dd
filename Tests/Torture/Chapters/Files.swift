import Basics
import Foundation
import Runs

/// Damage to the other files of a stopped run.
enum Files: Chapter {
  /// What is refused, for which row and with which exit code.
  private static let refused: [(row: String, code: Int32, damage: @Sendable (RunDirectory) throws -> Void)] = [
    ("run.json missing or cut short", 66, { try FileManager.default.removeItem(atPath: $0.manifest) }),
    ("run.json missing or cut short", 65, { try Damage.cut($0.manifest, to: 100) }),
    ("spec.yaml missing", 66, { try FileManager.default.removeItem(atPath: $0.spec) }),
    (
      "no checkpoint is whole", 65,
      { run in
        for name in try LocalFileSystem().list(run.checkpoints) { try Damage.cut(Path.join(run.checkpoints, name), to: 1000) }
      }
    ),
    ("metrics.csv shorter than it was", 65, { try Damage.cut($0.metrics, to: 300) }),
  ]

  static func run(_ session: Session) {
    session.row("half a row in the CSV files") { trial in
      let run = try trial.experiment.stopped(in: trial.runs)
      for path in [run.metrics, run.timing, run.phases] { try Damage.append("23,69", to: path) }
      try Damage.append("2030-01-01T00:00", to: run.events)
      try trial.resumeToEnd()
    }
    for (row, code, damage) in refused {
      session.row(row) { trial in
        let run = try trial.experiment.stopped(in: trial.runs)
        try damage(run)
        let before = try FolderContents(of: run.path, without: ".lock")
        let ending = try trial.experiment.workplace.run(["resume", run.path, "--quiet"])
        try check(ending.code == code && ending.errors.contains("error: "), "exit code \(ending.code): \(ending.errors)")
        try check(FolderContents(of: run.path, without: ".lock") == before, "something was touched")
      }
    }
    // A flipped bit in another file is no crash: it is refused, or the run goes on.
    session.row("flipped bit in another file", .flippedFiles) { trial in
      let run = try trial.experiment.stopped(in: trial.runs)
      let what = try Damage.flipBit(of: [run.manifest, run.spec, run.dataset, run.events][trial.number % 4], &trial.random)
      let ending = try trial.experiment.workplace.run(["resume", run.path, "--quiet"])
      try check([0, 65, 66].contains(ending.code), "\(what), exit code \(ending.code): \(ending.errors)")
    }
  }
}
