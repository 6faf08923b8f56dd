import Basics
import Spec

extension ExperimentSpec {
  /// The spec with another hold of the last phase, such that the schedule ends at `iteration`. Everything before that keeps its place:
  /// phases, fades and rate drops. Throws when the last phase would have to end before its hold begins.
  func ending(at iteration: Int) throws -> ExperimentSpec {
    guard let last = Schedule(self).phases.last else { return self }
    guard iteration <= SpecLimits.iterations.upperBound else {
      throw Diagnostics(
        "the schedule cannot end at iteration \(iteration): a phase has up to \(SpecLimits.iterations.upperBound)", exitCode: .usage
      )
    }
    let hold = iteration - (last.firstIteration - 1) - last.fade
    guard hold >= (last.fade > 0 ? 0 : 1) else {
      throw Diagnostics(
        "the schedule cannot end at iteration \(iteration): only the hold of its last phase may change, which begins after "
          + "\(last.firstIteration - 1 + last.fade)", exitCode: .usage)
    }
    var spec = self
    spec.schedule.phases[spec.schedule.phases.count - 1].hold = hold
    return spec
  }
}
