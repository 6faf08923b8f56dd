extension AugmentSpec {
  /// `data.augment`.
  static var schema: ObjectSchema<AugmentSpec> {
    ObjectSchema(
      name: "augment", blank: AugmentSpec(),
      fields: [
        Field(
          "contrast", \.contrast, .optional(.object(ContrastSpec.schema), blank: ContrastSpec()),
          "Blends an image away from its mean gray, afresh each time it is shown", example: "{factor: [1, 2], probability: 0.5}"),
        Field(
          "brightness", \.brightness, .optional(.object(BrightnessSpec.schema), blank: BrightnessSpec()),
          "Makes an image darker or brighter; what is drawn will vary in brightness as well",
          example: "{factor: [0.8, 1.2], probability: 0.5}"),
        Field(
          "saturation", \.saturation, .optional(.object(SaturationSpec.schema), blank: SaturationSpec()),
          "Makes an image's colours paler or stronger; not for sets whose exact colours matter",
          example: "{factor: [0.8, 1.2], probability: 0.5}"),
        Field(
          "horizontal_flip", \.horizontalFlip, .optional(.object(HorizontalFlipSpec.schema), blank: HorizontalFlipSpec()),
          "Mirrors left and right; never for pictures that all face the same way, as heads that grow from the lower left: both ways would be learned",
          example: "{probability: 0.5}"),
        Field(
          "translation", \.translation, .optional(.object(TranslationSpec.schema), blank: TranslationSpec()),
          "Moves an image by whole pixels, its border repeated; not for pictures whose parts always sit in the same place",
          example: "{distance: 0.05, probability: 0.5}"),
      ])
  }
}

extension ContrastSpec {
  /// `data.augment.contrast`.
  static var schema: ObjectSchema<ContrastSpec> {
    ObjectSchema(
      name: "contrast", blank: ContrastSpec(),
      fields: [
        Field(
          "factor", \.factor, .numbers(.from(0, to: 10)),
          "The contrast is multiplied by a number drawn from this range; 1 changes nothing"),
        share(\.probability),
      ])
  }
}

extension BrightnessSpec {
  /// `data.augment.brightness`.
  static var schema: ObjectSchema<BrightnessSpec> {
    ObjectSchema(
      name: "brightness", blank: BrightnessSpec(),
      fields: [
        Field(
          "factor", \.factor, .numbers(.from(0, to: 10)),
          "The brightness is multiplied by a number drawn from this range; 1 changes nothing, 0 is black"),
        share(\.probability),
      ])
  }
}

extension SaturationSpec {
  /// `data.augment.saturation`.
  static var schema: ObjectSchema<SaturationSpec> {
    ObjectSchema(
      name: "saturation", blank: SaturationSpec(),
      fields: [
        Field(
          "factor", \.factor, .numbers(.from(0, to: 10)),
          "The distance from gray is multiplied by a number drawn from this range; 1 changes nothing, 0 is gray"),
        share(\.probability),
      ])
  }
}

extension HorizontalFlipSpec {
  /// `data.augment.horizontal_flip`.
  static var schema: ObjectSchema<HorizontalFlipSpec> {
    ObjectSchema(name: "horizontal_flip", blank: HorizontalFlipSpec(), fields: [share(\.probability)])
  }
}

extension TranslationSpec {
  /// `data.augment.translation`.
  static var schema: ObjectSchema<TranslationSpec> {
    ObjectSchema(
      name: "translation", blank: TranslationSpec(),
      fields: [
        Field(
          "distance", \.distance, .number(.from(0, to: 0.5)),
          "The largest shift in each direction, as a share of the side; every whole number of pixels up to it is as likely"),
        share(\.probability),
      ])
  }
}

/// What every augmentation has.
private func share<Root>(_ path: WritableKeyPath<Root, Double>) -> Field<Root> {
  Field("probability", path, .number(.from(0, to: 1)), "Share of the images that are changed")
}
