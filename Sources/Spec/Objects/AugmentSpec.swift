/// `data.augment`: random changes to real images, drawn afresh each time an image is shown.
package struct AugmentSpec: Equatable, Sendable {
  package var contrast: ContrastSpec?
  package var brightness: BrightnessSpec?
  package var saturation: SaturationSpec?
  package var horizontalFlip: HorizontalFlipSpec?
  package var translation: TranslationSpec?
}

/// `data.augment.contrast`: blends an image away from its mean gray.
package struct ContrastSpec: Equatable, Sendable {
  package var factor: ClosedRange<Double> = 1...2
  package var probability = 0.5
}

/// `data.augment.brightness`: multiplies every sample.
package struct BrightnessSpec: Equatable, Sendable {
  package var factor: ClosedRange<Double> = 0.8...1.2
  package var probability = 0.5
}

/// `data.augment.saturation`: blends every pixel away from its own gray, or towards it.
package struct SaturationSpec: Equatable, Sendable {
  package var factor: ClosedRange<Double> = 0.8...1.2
  package var probability = 0.5
}

/// `data.augment.horizontal_flip`: mirrors left and right.
package struct HorizontalFlipSpec: Equatable, Sendable {
  package var probability = 0.5
}

/// `data.augment.translation`: moves an image by whole pixels.
package struct TranslationSpec: Equatable, Sendable {
  /// The largest shift in each direction, as a share of the image's side.
  package var distance = 0.05
  package var probability = 0.5
}
