import Spec

/// Every optimizer; the first is that of a spec that names none.
package enum OptimizerCatalog {
  package static let optimizers = Catalog([
    Adam.self,
    AdamW.self,
    RMSprop.self,
    SGD.self,
  ])
}
