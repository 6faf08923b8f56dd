import Basics
import Foundation

/// Everything that is tried, one after the other, and what has come of it.
final class Session {
  let experiment: Experiment
  let isShort: Bool
  /// How many kills at random moments.
  let kills: Int
  /// Whether disks may be mounted here.
  let mayMount: Bool
  private(set) var results = Results()
  /// Seconds that the slowest refusal of a run took that somebody else trains.
  var slowestRefusal = 0.0
  private let seed: UInt64
  private var attempts = 0

  init(_ experiment: Experiment, isShort: Bool, seed: UInt64, kills: Int, mayMount: Bool) {
    (self.experiment, self.isShort, self.seed, self.kills, self.mayMount) = (experiment, isShort, seed, kills, mayMount)
  }

  /// Tries `body` until it has hit `count` times, or missed more than `misses` times. Returns how often it has hit.
  @discardableResult
  func row(
    _ name: String, _ count: Int, misses: Int = 0, of other: Experiment? = nil, _ body: (inout Trial) throws -> Void
  ) -> Int {
    let experiment = other ?? experiment
    var (hits, missed) = (0, 0)
    while hits < count && missed <= misses {
      attempts += 1
      let runs = Path.join(experiment.workplace.folder, "trial é \(attempts)")
      let random = RandomStream(seed: seed, name: "\(name) \(hits + missed)")
      var trial = Trial(number: hits + 1, random: random, runs: runs, experiment: experiment)
      let verdict = Verdict { try body(&trial) }
      if !experiment.workplace.keepsFolder { try? FileManager.default.removeItem(atPath: runs) }
      if case .missed = verdict {
        missed += 1
      } else {
        hits += 1
        note(name, verdict)
      }
    }
    return hits
  }

  func row(_ name: String, _ count: Count = .once, misses: Int = 0, _ body: (inout Trial) throws -> Void) {
    row(name, count.number(isShort), misses: misses, body)
  }

  /// Notes that a row was tried once more.
  func note(_ row: String, _ verdict: Verdict? = nil) {
    results.note(row, verdict)
    if let verdict { FileHandle.standardError.write(Data("torture: \(row): \(verdict)\n".utf8)) }
  }
}
