import Basics

/// A run of a sweep: a row of `trials.csv`.
package struct Trial: Equatable, Sendable {
  /// What is settled about a trial. Whether it runs at this moment is not: that follows from locks.
  package enum Status: String, CaseIterable, Sendable {
    /// To be run, or to be continued.
    case waiting
    case finished
    /// Ended early because others are better.
    case stopped
    case failed
  }

  /// From 1.
  package var number: Int
  package var status = Status.waiting
  /// The set of values, from 1; repeats have the same.
  package var point: Int
  /// From 1.
  package var `repeat`: Int
  package var seed: UInt64
  /// What overrides set each of the sweep's paths to.
  package var values: [String]
  /// The last value of the objective's column.
  package var objective: Double?
  /// Iterations that were trained.
  package var iterations = 0
  /// How often it has failed.
  package var failures = 0
  /// Why it stopped or failed, on one line.
  package var detail = ""

  /// A trial that has not begun.
  package init(number: Int, point: Int, repeat: Int, seed: UInt64, values: [String]) {
    self.number = number
    self.point = point
    self.repeat = `repeat`
    self.seed = seed
    self.values = values
  }

  /// Its name and folder: `t0001`.
  package var name: String { Self.name(number) }

  static func name(_ number: Int) -> String {
    let digits = String(number)
    return "t" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
