import Basics
import Foundation
import Runs

/// Damage to the newest checkpoint of a stopped run: it is noticed, and the one before is used.
enum Checkpoints: Chapter {
  static func run(_ session: Session) throws {
    session.row("checkpoint with a flipped bit", .flippedCheckpoints) { trial in
      try resume(&trial) { path, random in try Damage.flipBit(of: path, &random) }
    }
    let size = try Data(contentsOf: URL(filePath: Experiment.newestPath(of: session.experiment.whole))).count
    let lengths = [0, 1, 7, 8, 9] + stride(from: 1024, to: size, by: 1024)
    let count = min(lengths.count, Count.cutCheckpoints.number(session.isShort))
    session.row("checkpoint cut short", count) { trial in
      let length = lengths[(trial.number - 1) * lengths.count / count]
      try resume(&trial) { path, _ in
        try Damage.cut(path, to: length)
        return "cut to \(length) bytes"
      }
    }
  }

  /// Resumes after `damage`, which says what it did, to the end or as far as the run stood.
  private static func resume(_ trial: inout Trial, _ damage: (String, inout RandomStream) throws -> String) throws {
    let run = try trial.experiment.stopped(in: trial.runs)
    let what = try damage(Experiment.newestPath(of: run), &trial.random)
    let isToEnd = trial.number % 10 == 1
    let words = ["resume", run.path, "--quiet"] + (isToEnd ? [] : ["--stop-after", String(Experiment.stop)])
    let ending = try trial.experiment.workplace.run(words)
    try check(ending.code == 0, "\(what): \(ending.errors)")
    let log = try String(contentsOfFile: run.log, encoding: .utf8)
    let notice = "passed over a damaged checkpoint, going back to that of iteration \(Experiment.earlier)"
    try check(log.contains(notice), "\(what) was not noticed")
    if isToEnd { try trial.experiment.compare(run) } else { try trial.experiment.compareStopped(run) }
  }
}
