import Spec

/// Ends the run after a checkpoint.
package struct StopAction: WatchAction {
  package struct Settings: Equatable, Sendable { package init() {} }

  package static var schema: ObjectSchema<Settings> { ObjectSchema("stop", "Ends the run", Settings()) }

  package init(_ settings: Settings) {}

  package func act(on state: inout WatchState, rule: String) -> WatchDecision { WatchDecision(.stop, "stop") }
}
