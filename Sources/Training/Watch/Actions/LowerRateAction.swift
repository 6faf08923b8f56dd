import Spec

/// Multiplies both learning rates by a factor.
package struct LowerRateAction: WatchAction {
  package struct Settings: Equatable, Sendable {
    package var factor = 0.5
    package init(factor: Double = 0.5) { self.factor = factor }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema("lower rate", "Lowers the learning rates", Settings(), .rateFactor(\.factor))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func act(on state: inout WatchState, rule: String) -> WatchDecision {
    state.lowered *= settings.factor
    return WatchDecision(.goOn, "lower rate to \(state.rateFactor) of the schedule's")
  }
}

extension Field {
  /// What the action multiplies the rates by.
  static func rateFactor(_ path: WritableKeyPath<Root, Double>) -> Field {
    Field("factor", path, .number(.between(0, and: 1)), "What both learning rates are multiplied by, each time")
  }
}
