import Basics
import Foundation

/// How a trial ends that does not end well.
enum Verdict: Error, CustomStringConvertible {
  case failed(String)
  /// It came too late, or there was nothing to be harmed.
  case missed
  case skipped(String)

  var description: String {
    switch self {
    case .failed(let reason): "failed: \(reason)"
    case .missed: "missed"
    case .skipped(let reason): "skipped: \(reason)"
    }
  }
}

/// Ends a trial with `reason` unless `condition` holds.
func check(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
  guard condition else { throw Verdict.failed(reason()) }
}

/// One of several that do the same at other moments and places.
struct Trial {
  /// From 1.
  let number: Int
  var random: RandomStream
  /// A folder of runs for this trial alone, which is not there yet.
  let runs: String
  let experiment: Experiment

  /// Continues the run, with one or two threads, to the end that it has undisturbed.
  mutating func resumeToEnd() throws { try experiment.resumeToEnd(runs, threads: 1 + random.below(2)) }

  /// Seconds from a run's start to a random moment in the `part` of the time that it takes.
  mutating func moment(_ part: ClosedRange<Double>) -> Double { experiment.seconds * random.uniform(in: part) }
}

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
  func row(_ name: String, _ count: Int, misses: Int = 0, _ body: (inout Trial) throws -> Void) -> Int {
    var (hits, missed) = (0, 0)
    while hits < count && missed <= misses {
      attempts += 1
      let runs = Path.join(experiment.workplace.folder, "trial é \(attempts)")
      let random = RandomStream(seed: seed, name: "\(name) \(hits + missed)")
      var trial = Trial(number: hits + 1, random: random, runs: runs, experiment: experiment)
      let verdict = Result { try body(&trial) }
      if !experiment.workplace.keepsFolder { try? FileManager.default.removeItem(atPath: runs) }
      if case .failure(Verdict.missed) = verdict {
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
  func note(_ row: String, _ verdict: Result<Void, any Error> = .success(())) {
    results.note(row, verdict)
    if case .failure(let error) = verdict { FileHandle.standardError.write(Data("torture: \(row): \(error)\n".utf8)) }
  }
}

/// What was tried, how often, and how much of it failed.
struct Results {
  private var rows: [(name: String, tried: Int, failed: Int, skipped: String)] = []

  var hasFailed: Bool { rows.contains { $0.failed > 0 } }

  mutating func note(_ name: String, _ verdict: Result<Void, any Error>) {
    let place = rows.firstIndex { $0.name == name } ?? rows.count
    if place == rows.count { rows.append((name, 0, 0, "")) }
    if case .failure(Verdict.skipped(let reason)) = verdict {
      rows[place].skipped = reason
      return
    }
    rows[place].tried += 1
    if case .failure = verdict { rows[place].failed += 1 }
  }

  var table: String {
    var table = Table([.init(""), .init("tried", .right), .init("failed", .right), .init("", isOptional: true)])
    for row in rows {
      let isSkipped = !row.skipped.isEmpty
      table.append([row.name] + (isSkipped ? ["", "", "skipped: " + row.skipped] : [String(row.tried), String(row.failed), ""]))
    }
    return table.text
  }
}
