import Spec

/// Multiplies both learning rates by a factor.
struct LowerRateAction: WatchAction {
  static let kind = WatchRuleSpec.Action.lowerRate

  private let factor: Double

  init(_ rule: WatchRuleSpec) { factor = rule.factor! }

  func act(on state: inout WatchState) -> WatchDecision {
    state.lowered *= factor
    return WatchDecision(.goOn, "lower rate to \(state.rateFactor) of the schedule's")
  }
}
