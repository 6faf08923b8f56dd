extension PixelNormSpec {
  /// `pixel_norm` of either network, with the defaults of `blank`.
  static func schema(blank: PixelNormSpec) -> ObjectSchema<PixelNormSpec> {
    ObjectSchema(
      name: "pixel_norm", blank: blank,
      fields: [
        Field("place", \.place, .choice, "Where each pixel's channels are divided by their root mean square"),
        Field("form", \.form, .choice, "x / (sqrt(mean(x^2)) + epsilon), or x / sqrt(mean(x^2) + epsilon)"),
        Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"),
      ])
  }
}

extension GeneratorSpec {
  static var schema: ObjectSchema<GeneratorSpec> {
    let blank = GeneratorSpec(latent: 0, widths: [])
    return ObjectSchema(
      name: "generator", blank: blank,
      fields: [
        Field(
          "latent", \.latent, .integer(SpecLimits.channels), "Channels of the random input at 4x4, or its length as a vector",
          default: .required, example: "512"),
        Field(
          "latent_form", \.latentForm, .choice, "A grid of random numbers at 4x4, or a vector that a dense layer spreads over it"),
        Field("latent_norm", \.latentNorm, .flag, "Divides each latent by its root mean square"),
        Field(
          "widths", \.widths, .list(of: .integer(SpecLimits.channels), blank: 0, count: 1...9),
          "Channels of each block, 4x4 first, one for every resolution", default: .required, example: "[256, 128, 64, 32]"),
        Field(
          "pixel_norm", \.pixelNorm, .object(PixelNormSpec.schema(blank: blank.pixelNorm)), "Normalisation of each pixel"),
        Field("equalized_rate", \.equalizedRate, .choice, equalizedRateDoc),
        Field("padding", \.padding, .choice, "What a convolution sees beyond the border"),
        Field("leak", \.leak, .number(.from(0, below: 1)), "Slope of the leaky ReLU below zero"),
        Field(
          "output", \.output, .choice,
          "Function after the last layer; real images are in [0, 1] for sigmoid, in [-1, 1] for tanh and linear"),
        Field(
          "average", \.average, .number(.from(0, below: 1)),
          "Decay of the moving average of the weights that samples are drawn from"),
      ])
  }
}

extension DiscriminatorSpec {
  static var schema: ObjectSchema<DiscriminatorSpec> {
    let blank = DiscriminatorSpec(top: 0, widths: [])
    return ObjectSchema(
      name: "discriminator", blank: blank,
      fields: [
        Field(
          "top", \.top, .integer(SpecLimits.channels), "Channels after the last convolution, at 1x1", default: .required,
          example: "512"),
        Field(
          "widths", \.widths, .list(of: .integer(SpecLimits.channels), blank: 0, count: 1...9),
          "Channels that enter each block, 4x4 first, one for every resolution", default: .required,
          example: "[256, 128, 64, 32]"),
        Field(
          "minibatch_deviation", \.minibatchDeviation, .flag,
          "Shows the discriminator how much the images of a batch differ, which works against a collapse"),
        Field(
          "minibatch_group", \.minibatchGroup, .integer(0...SpecLimits.batch.upperBound),
          "Images whose deviation is taken together; 0 takes the whole batch"),
        Field(
          "minibatch_estimator", \.minibatchEstimator, .choice, "Whether the variance is divided by n - 1, or by n with 1e-8 added"),
        Field(
          "pixel_norm", \.pixelNorm, .object(PixelNormSpec.schema(blank: blank.pixelNorm)), "Normalisation of each pixel"),
        Field("equalized_rate", \.equalizedRate, .choice, equalizedRateDoc),
        Field("padding", \.padding, .choice, "What a convolution sees beyond the border"),
        Field("leak", \.leak, .number(.from(0, below: 1)), "Slope of the leaky ReLU below zero"),
        Field("from_rgb_activation", \.fromRGBActivation, .flag, "Whether an activation follows the layer that reads RGB"),
      ])
  }
}

private let equalizedRateDoc = "What the learning rate of a layer is equalized by: its scaled input, its scaled weights, or nothing"
