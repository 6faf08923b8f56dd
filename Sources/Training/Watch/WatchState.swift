/// What the watch rules of a run remember. It is part of the training's state, so that a resumed run does what an undisturbed
/// one does.
package struct WatchState: Codable, Equatable, Sendable {
  /// Iterations in a row, up to the last one, in which a rule's condition has held, by the rule's name; absent when it has not.
  package var counts: [String: Int] = [:]
  /// How often each rule has rolled back, by name. A roll back does not undo these, nor ``rolledBack``.
  package var rollBacks: [String: Int] = [:]
  /// The product of the factors of all roll backs.
  package var rolledBack = 1.0
  /// The product of the factors of all other lowerings.
  package var lowered = 1.0

  /// Nothing has happened yet.
  package init() {}

  /// What the schedule's learning rates are multiplied by.
  package var rateFactor: Double { rolledBack * lowered }

  /// Keeps of `later` what a roll back to this state must not undo.
  mutating func carry(from later: WatchState) {
    (rollBacks, rolledBack) = (later.rollBacks, later.rolledBack)
  }
}
