import Basics

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

/// How a trial ends that does not end well.
enum Verdict: Error, CustomStringConvertible {
  case failed(String)
  /// It came too late, or there was nothing to be harmed.
  case missed
  case skipped(String)

  /// How `body` ends; nil if it ends well.
  init?(_ body: () throws -> Void) {
    do {
      try body()
      return nil
    } catch let verdict as Verdict {
      self = verdict
    } catch {
      self = .failed("\(error)")
    }
  }

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
