/// SIGKILL at a random moment. Each third run is killed while it resumes, too, up to three times.
enum Kills: Chapter {
  static func run(_ session: Session) {
    kill("kill -9 of a run", session.kills, of: session.experiment, session)
  }

  /// Kills `count` runs of `experiment`.
  static func kill(_ row: String, _ count: Int, of experiment: Experiment, _ session: Session) {
    var landed = 0
    let hits = session.row(row, count, misses: 20 + 3 * count, of: experiment) { trial in
      let workplace = trial.experiment.workplace
      let words = trial.experiment.beginning(trial.runs) + ["--threads", String(1 + trial.number % 2)]
      guard try workplace.start(words).killed(after: trial.moment(0...1)) else { throw Verdict.missed }
      if trial.number % 3 == 0 {
        for _ in 0...trial.random.below(3) {
          if try workplace.start(Experiment.resumption(trial.runs)).killed(after: trial.moment(0...1)) { landed += 1 }
        }
      }
      try trial.resumeToEnd()
    }
    if hits < count { session.note(row, .failed("only \(hits) of \(count) came before the end")) }
    for _ in 0..<landed { session.note("  of these, also while resuming") }
  }
}
