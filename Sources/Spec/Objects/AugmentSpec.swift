/// `discriminator.augment`: what is changed at random in every image that the discriminator sees, real or drawn. Numbers are those of images
/// in [0, 1]; 0: nothing.
package struct AugmentSpec: Equatable, Sendable {
  package enum Border: String, CaseIterable, Sendable { case gray, reflect }

  /// The probability of each part, for each image.
  package enum Probability: Equatable, Sendable {
    case fixed(Double)
    case adaptive(AdaptiveSpec)
  }

  package var horizontalFlip = false
  package var translation = 0.0
  package var scale = 0.0
  package var rotation = 0.0
  package var border = Border.gray
  package var brightness = 0.0
  package var saturation = 0.0
  package var hue = 0.0
  package var contrast = 0.0
  package var noise = 0.0
  package var cutout = 0.0
  package var probability = Probability.fixed(1)

  package init() {}

  /// What parts there are.
  package var movesPixels: Bool { horizontalFlip || translation > 0 || scale > 0 || rotation > 0 }
  package var changesColors: Bool { brightness > 0 || saturation > 0 || hue > 0 }
  package var isEmpty: Bool { !movesPixels && !changesColors && contrast == 0 && noise == 0 && cutout == 0 }

  /// The rule by which the probability moves, if it does.
  package var adaptive: AdaptiveSpec? { if case .adaptive(let rule) = probability { rule } else { nil } }
}

/// A probability that rises while the discriminator is too sure of real images (Karras et al. 2020, "Training generative adversarial networks
/// with limited data", section 3.2).
package struct AdaptiveSpec: Equatable, Sendable {
  /// The mean sign of real scores that it aims at.
  package init() {}

  package var target = 0.6
  /// In which length of training it would go from 0 to 1.
  package var speed = TrainingSpan.images(500_000)
  /// The highest probability.
  package var limit = 0.8
}

extension AugmentSpec {
  static var schema: ObjectSchema<AugmentSpec> {
    ObjectSchema(
      name: "augment", blank: AugmentSpec(),
      fields: [
        Field("horizontal_flip", \.horizontalFlip, .flag, "Whether half of the images are mirrored"),
        Field(
          "translation", \.translation, .number(.from(0, to: 1)), "Shift by whole pixels, uniform up to this share of the side"),
        Field("scale", \.scale, .number(.from(0, to: 2)), "Enlargement by 2^n, n normal with this deviation"),
        Field("rotation", \.rotation, .number(.from(0, to: 180)), "Turn, uniform up to so many degrees either way"),
        Field("border", \.border, .choice, "What moved images show beyond their border: gray, or themselves in a mirror"),
        Field("brightness", \.brightness, .number(.from(0, to: 1)), "What is added, uniform up to this either way"),
        Field("saturation", \.saturation, .number(.from(0, to: 1)), "Factor of colors, uniform in 1 minus to 1 plus this"),
        Field("hue", \.hue, .number(.from(0, to: 180)), "Turn of colors around gray, uniform up to so many degrees either way"),
        Field(
          "contrast", \.contrast, .number(.from(0, to: 1)), "Factor around the image's mean, uniform in 1 minus to 1 plus this"),
        Field(
          "noise", \.noise, .number(.from(0, to: 1)), "Normal noise, its deviation that of a normal number with this deviation"),
        Field("cutout", \.cutout, .number(.from(0, to: 1)), "Side of a square that is painted gray, as a share of the image's"),
        Field("probability", \.probability, .probability, "The probability of each part for each image: a number, or adaptive"),
      ])
  }
}

extension FieldType where Value == AugmentSpec.Probability {
  /// A probability, or `{adaptive: {...}}`.
  static var probability: Self {
    let number = FieldType<Double>.number(.from(0, to: 1))
    let rule = ObjectSchema(
      name: "adaptive", blank: AdaptiveSpec(),
      fields: [
        Field("target", \.target, .number(.from(-1, to: 1)), "The mean sign of scores of real images that it aims at"),
        Field("speed", \.speed, .span, "Length in which the probability would go from 0 to 1, in iterations or kimg"),
        Field("limit", \.limit, .number(.from(0, to: 1)), "The highest probability"),
      ])
    let map = ObjectSchema(
      name: "probability", blank: AdaptiveSpec(),
      fields: [
        Field("adaptive", \.self, .object(rule), "A probability that follows how sure the discriminator is", default: .required)
      ])
    let expected = "\(number.expected), or a map with adaptive"
    return FieldType(
      expected: expected, schema: .object([(key: "anyOf", value: .array([number.schema, map.schema]))]),
      read: { node, value, reader in
        if node.entries != nil {
          var adaptive = AdaptiveSpec()
          map.read(node, into: &adaptive, &reader)
          return value = .adaptive(adaptive)
        }
        guard case .scalar = node.content else { return reader.report(node, expected: expected) }
        var fixed = Double.nan
        number.read(node, &fixed, &reader)
        if !fixed.isNaN { value = .fixed(fixed) }
      },
      write: { value in
        switch value {
        case .fixed(let probability): .plain(probability.spelled)
        case .adaptive(let rule): map.write(rule)
        }
      })
  }
}
