/// Another time zone and locale, and a clock that somebody turns.
enum Clocks: Chapter {
  /// 10 years on and back, 1,000 times faster, and backward at each look at it, also the one that no real computer turns back.
  private static let jumps = ["+10y", "-10y", "+0 x1000", "+0 i-3600"]

  static func run(_ session: Session) throws {
    session.row("time zone and locale") {
      try resume($0, environment: ["TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8"])
    }
    let (row, probe) = ("clock set by faketime", ["faketime", "-f", "+0"])
    guard try session.experiment.workplace.run(["--version"], through: probe).code == 0 else {
      return session.note(row, .skipped("faketime is not installed"))
    }
    session.row(row, jumps.count) { try resume($0, through: ["faketime", "-f", jumps[$0.number - 1]]) }
  }

  private static func resume(_ trial: Trial, through wrapper: [String] = [], environment: [String: String] = [:]) throws {
    let run = try trial.experiment.stopped(in: trial.runs)
    let words = ["resume", run.path, "--quiet"]
    let ending = try trial.experiment.workplace.run(words, through: wrapper, environment: environment)
    try check(ending.code == 0, "\(wrapper): \(ending.errors)")
    try trial.experiment.compare(run)
  }
}
