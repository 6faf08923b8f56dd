import Spec

/// What of its schedule a training has behind it. Only what lies ahead may change: a place in a schedule is an iteration, and with
/// another past the same iteration would be another place.
struct PastSchedule {
  private let old: Schedule
  private let iteration: Int

  /// What a training of `spec` has done after `iteration`.
  init(_ spec: ExperimentSpec, after iteration: Int) { (old, self.iteration) = (Schedule(spec), iteration) }

  /// Whether the training has done all of it.
  var isWhole: Bool { iteration == end }

  /// The last iteration of the schedule that the training has followed.
  var end: Int { old.iterations }

  /// What in `spec` contradicts it, a line each; empty when the training can go on with that spec.
  func contradictions(with spec: ExperimentSpec) -> [String] {
    let new = Schedule(spec)
    return old.phases.filter { $0.firstIteration <= iteration }.compactMap { phase in
      let place = "schedule.phases.\(phase.number - 1)"
      guard phase.number <= new.phases.count else { return "\(place): phase \(phase.number) has begun, and is not there any more" }
      let other = new.phases[phase.number - 1]
      // The end of the last phase is the run's: it may be put off.
      let isOver = phase.lastIteration <= iteration && phase.number < old.phases.count
      let state = isOver ? "is over" : "has begun"
      if phase.resolution != other.resolution {
        return "\(place).resolution: \(phase.resolution) -> \(other.resolution), but phase \(phase.number) \(state)"
      }
      if phase.fade != other.fade { return "\(place).fade: \(phase.fade) -> \(other.fade), but phase \(phase.number) \(state)" }
      if isOver, phase.hold != other.hold {
        return "\(place).hold: \(phase.hold) -> \(other.hold), but phase \(phase.number) is over"
      }
      if !isOver, other.hold != phase.hold, other.lastIteration <= iteration {
        return
          "\(place).hold: \(phase.hold) -> \(other.hold), but phase \(phase.number) has \(iteration - phase.firstIteration + 1) "
          + "iterations behind it"
      }
      return nil
    }
  }
}
