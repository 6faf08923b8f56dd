import Spec

/// Writes a checkpoint beside the regular ones.
struct CheckpointAction: WatchAction {
  static let kind = WatchRuleSpec.Action.checkpoint

  init(_ rule: WatchRuleSpec) {}

  func act(on state: inout WatchState) -> WatchDecision { WatchDecision(.checkpoint, "checkpoint") }
}
