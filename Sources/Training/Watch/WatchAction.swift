import Spec

/// What a watch rule does when its condition has held long enough.
package protocol WatchAction: Plugin {
  /// Whether it returns to an earlier state of the training.
  static var mayRollBack: Bool { get }
  /// Changes what the rules remember, the one that acts by its name `rule`, and returns what the training does.
  func act(on state: inout WatchState, rule: String) -> WatchDecision
}

extension WatchAction {
  package static var mayRollBack: Bool { false }
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
