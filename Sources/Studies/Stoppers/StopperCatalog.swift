import Spec

/// The rules that a sweep file can name under `stopping`.
package enum StopperCatalog {
  package static let stoppers = Catalog([
    ASHA.self,
    MedianRule.self,
  ])
}
