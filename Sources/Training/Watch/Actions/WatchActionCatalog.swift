import Spec

/// Every action of watch rules.
enum WatchActionCatalog {
  static let actions = Catalog([
    StopAction.self,
    CheckpointAction.self,
    RollBackAction.self,
    LowerRateAction.self,
  ])
}
