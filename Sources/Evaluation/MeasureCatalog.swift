import Spec

/// Every measure of drawn images, in the order of their columns.
package enum MeasureCatalog {
  package static let measures = Catalog([
    SlicedWasserstein.self,
    MultiscaleSimilarity.self,
    Memorisation.self,
  ])
}
