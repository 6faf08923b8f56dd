import Spec

/// The augmentations that a spec declares, in the order in which they are applied.
package enum AugmentationCatalog {
  /// One line for each file of this folder.
  private static let makers: [@Sendable (AugmentSpec) -> (any Augmentation)?] = [
    { $0.contrast.map(Contrast.init) },
    { $0.brightness.map(Brightness.init) },
    { $0.saturation.map(Saturation.init) },
    { $0.horizontalFlip.map(HorizontalFlip.init) },
    { $0.translation.map(Translation.init) },
  ]

  /// What `spec` asks for.
  package static func augmentations(of spec: AugmentSpec) -> [any Augmentation] { makers.compactMap { $0(spec) } }
}
