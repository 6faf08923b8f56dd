import Spec

/// Every action of watch rules.
package enum WatchActionCatalog {
  package static let actions: [any WatchAction.Type] = [
    StopAction.self,
    CheckpointAction.self,
    RollBackAction.self,
    LowerRateAction.self,
  ]

  /// The action that a checked rule asks for.
  package static func action(of rule: WatchRuleSpec) -> any WatchAction {
    guard let type = actions.first(where: { $0.kind == rule.action }) else {
      preconditionFailure("nothing does '\(rule.action.rawValue)'")
    }
    return type.init(rule)
  }
}
