import Basics
import Foundation

/// Signals that ask a run to end: one, and a second one while the first is followed.
enum Signals: Chapter {
  /// How long a run may take to end.
  private static let patience = 5.0
  private static let kinds: [(signal: Int32, code: Int32)] = [(SIGTERM, 143), (SIGUSR1, 0), (SIGINT, 130)]

  static func run(_ session: Session) {
    session.row("signal", .signals) { trial in
      let (signal, code) = kinds[(trial.number - 1) % kinds.count]
      try interrupt(&trial, by: [signal], codes: [0, code])
    }
    // 0: it had reached its end. 130: the second ended it at once. 143: the first had been followed.
    session.row("second signal", .secondSignals) { try interrupt(&$0, by: [SIGTERM, SIGINT], codes: [0, 130, 143]) }
  }

  /// Sends the signals to a run at a random moment: it must end soon, with one of the `codes`, and be resumable.
  private static func interrupt(_ trial: inout Trial, by signals: [Int32], codes: [Int32]) throws {
    let running = try trial.experiment.workplace.start(trial.experiment.beginning(trial.runs))
    MonotonicClock.pause(trial.moment(0.25...0.75))
    for (place, signal) in signals.enumerated() {
      if place > 0 { MonotonicClock.pause(trial.random.uniform(in: 0...0.012)) }
      running.send(signal)
    }
    let start = MonotonicClock.system.seconds
    let ending = running.wait()
    let seconds = MonotonicClock.system.seconds - start
    try check(codes.contains(ending.code), "signal \(signals) ended it with \(ending.code): \(ending.errors)")
    try check(seconds < patience, "it took \(seconds) s to end after signal \(signals)")
    try trial.resumeToEnd()
  }
}
