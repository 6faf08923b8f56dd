import Spec

/// Returns to the last regular checkpoint from before the condition held, with lower learning rates: at the same rates a
/// training that is a function of its state would only go the same way again.
struct RollBackAction: WatchAction {
  static let kind = WatchRuleSpec.Action.rollBack

  private let name: String
  private let factor: Double
  private let times: Int

  init(_ rule: WatchRuleSpec) { (name, factor, times) = (rule.name, rule.factor!, rule.times!) }

  func act(on state: inout WatchState) -> WatchDecision {
    let done = state.rollBacks[name, default: 0]
    guard done < times else {
      return WatchDecision(.stop, "stop, since it has rolled back \(times) time\(times == 1 ? "" : "s")")
    }
    state.rollBacks[name] = done + 1
    state.rolledBack *= factor
    return WatchDecision(.rollBack, "roll back \(done + 1) of \(times), rates at \(state.rateFactor) of the schedule's")
  }
}
