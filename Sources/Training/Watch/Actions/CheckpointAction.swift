import Spec

/// Writes a checkpoint beside the regular ones.
package struct CheckpointAction: WatchAction {
  package struct Settings: Equatable, Sendable { package init() {} }

  package static var schema: ObjectSchema<Settings> { ObjectSchema("checkpoint", "Writes a checkpoint", Settings()) }

  package init(_ settings: Settings) {}

  package func act(on state: inout WatchState, rule: String) -> WatchDecision { WatchDecision(.checkpoint, "checkpoint") }
}
