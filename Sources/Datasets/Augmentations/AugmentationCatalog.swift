import Spec

/// Every change that real images can be given, in the order in which they are applied.
package enum AugmentationCatalog {
  package static let augmentations = Catalog([
    Contrast.self,
    Brightness.self,
    Saturation.self,
    HorizontalFlip.self,
    Translation.self,
  ])
}
