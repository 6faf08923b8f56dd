/// An item of `watch`: what a run does by itself when a metric meets a condition.
package struct WatchRuleSpec: Equatable, Sendable {
  /// What is done.
  package enum Action: String, CaseIterable, Sendable {
    case stop, checkpoint
    case rollBack = "roll back"
    case lowerRate = "lower rate"

    /// Whether the rule has a `factor`.
    var hasFactor: Bool { self == .rollBack || self == .lowerRate }
    /// Whether the rule has `times`.
    var hasTimes: Bool { self == .rollBack }
  }

  package var when: WatchCondition
  package var action: Action
  /// What the rates are multiplied by; nil for an action that changes none.
  package var factor: Double?
  /// How often the rule may roll back; nil for other actions.
  package var times: Int?

  static let standardFactor = 0.5
  static let standardTimes = 3

  /// The rule in words, by which its state is kept: no two rules of a spec have the same.
  package var name: String { "\(when): \(action.rawValue)" }

  /// Fills in what the action has when the spec does not say.
  mutating func resolve() {
    if action.hasFactor { factor = factor ?? Self.standardFactor }
    if action.hasTimes { times = times ?? Self.standardTimes }
  }
}
