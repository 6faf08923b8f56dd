import Spec

/// Returns to the last regular checkpoint from before the condition held, with lower learning rates: at the same rates a
/// training that is a function of its state would only go the same way again.
package struct RollBackAction: WatchAction {
  package struct Settings: Equatable, Sendable {
    package var factor: Double
    package var times: Int

    package init(factor: Double = 0.5, times: Int = 3) {
      self.factor = factor
      self.times = times
    }
  }

  package static let mayRollBack = true

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "roll back", "Returns to an earlier checkpoint", Settings(), .rateFactor(\.factor),
      Field("times", \.times, .integer(1...1000), "How often this rule may roll back; the next time it stops the run"))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func act(on state: inout WatchState, rule: String) -> WatchDecision {
    let (done, times) = (state.rollBacks[rule, default: 0], settings.times)
    guard done < times else {
      return WatchDecision(.stop, "stop, since it has rolled back \(times) time\(times == 1 ? "" : "s")")
    }
    state.rollBacks[rule] = done + 1
    state.rolledBack *= settings.factor
    return WatchDecision(.rollBack, "roll back \(done + 1) of \(times), rates at \(state.rateFactor) of the schedule's")
  }
}
