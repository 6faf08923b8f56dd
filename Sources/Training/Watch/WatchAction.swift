import Spec

/// What a watch rule does when its condition has held long enough.
package protocol WatchAction: Sendable {
  /// Which rules it belongs to.
  static var kind: WatchRuleSpec.Action { get }
  /// The action of a checked rule.
  init(_ rule: WatchRuleSpec)
  /// Changes what the rules remember, and returns what the training does.
  func act(on state: inout WatchState) -> WatchDecision
}

/// What an action decided, and in words.
package struct WatchDecision: Equatable, Sendable {
  /// What follows for the training.
  package enum Step: Equatable, Sendable { case goOn, checkpoint, rollBack, stop }

  package let step: Step
  /// As in `lower rate to 0.25 of the schedule's`.
  package let words: String

  package init(_ step: Step, _ words: String) { (self.step, self.words) = (step, words) }
}
