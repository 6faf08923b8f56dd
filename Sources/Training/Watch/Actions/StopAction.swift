import Spec

/// Ends the run after a checkpoint.
struct StopAction: WatchAction {
  static let kind = WatchRuleSpec.Action.stop

  init(_ rule: WatchRuleSpec) {}

  func act(on state: inout WatchState) -> WatchDecision { WatchDecision(.stop, "stop") }
}
