extension GeneratorSpec {
  /// `generator` in a language.
  static func schema(_ language: Language) -> ObjectSchema<GeneratorSpec> {
    ObjectSchema(
      name: "generator", blank: GeneratorSpec(latent: 0, widths: [], layers: language.layers.choices),
      fields: [
        .recipe(language.recipes, default: language.recipes.first.map { "`\($0.name)`" } ?? "none"),
        Field(
          "latent", \.latent, .integer(SpecLimits.channels), "Channels of the random input at 4x4, or its length as a vector",
          default: .required, example: "512"),
        Field(
          "latent_form", \.latentForm, .choice, "A grid of random numbers at 4x4, or a vector", default: .derived(recipeWords)),
        Field("latent_norm", \.latentNorm, .flag, "Divides each latent by its root mean square", default: .derived(recipeWords)),
        Field(
          "widths", \.widths, .list(of: .integer(SpecLimits.channels), blank: 0, count: 1...9),
          "Channels that leave each resolution, 4x4 first", default: .required, example: "[256, 128, 64, 32]"),
        Field("layers", \.layers, "What layers of each kind are unless they say otherwise") {
          .layerDefaults(language.layers, used: $0.kinds)
        },
        .layers("mapping", \.mapping, \.layers, "From latents to what modulated layers are told, before all else"),
        Field(
          "style_mixing", \.styleMixing, .number(.from(0, to: 1)),
          "Probability that modulated layers from a random one on are told what another latent says"),
        .layers("start", \.start, \.layers, "From latents to features at 4x4"),
        .layers("block", \.block, \.layers, "From the features of a resolution to those of the next"),
        Field("at", \.at, "What is otherwise at single resolutions") { .levels($0.layers) },
        .layers("to_rgb", \.toRGB, \.layers, "From features to an image"),
        Field(
          "combine", \.combine, .choice,
          "Whether the image is what to_rgb makes of the last features, or the sum of that of all resolutions, each doubled by fir"),
        Field(
          "output", \.output, .choice,
          "Function after the last layer; real images are in [0, 1] for sigmoid, in [-1, 1] for tanh and linear",
          default: .derived(recipeWords)),
        Field(
          "average", \.average, .average,
          "The moving average of the weights, which samples are drawn from: its decay, or a map with its half-life"),
      ])
  }
}

extension DiscriminatorSpec {
  /// `discriminator` in a language.
  static func schema(_ language: Language) -> ObjectSchema<DiscriminatorSpec> {
    ObjectSchema(
      name: "discriminator", blank: DiscriminatorSpec(top: 0, widths: [], layers: language.layers.choices),
      fields: [
        .recipe(language.recipes, default: "that of `generator.recipe`"),
        Field(
          "top", \.top, .integer(SpecLimits.channels), "Channels that leave the end", default: .required,
          example: "512"),
        Field(
          "widths", \.widths, .list(of: .integer(SpecLimits.channels), blank: 0, count: 1...9),
          "Channels that enter each resolution, 4x4 first", default: .required, example: "[256, 128, 64, 32]"),
        Field("layers", \.layers, "What layers of each kind are unless they say otherwise") {
          .layerDefaults(language.layers, used: $0.kinds)
        },
        .layers("from_rgb", \.fromRGB, \.layers, "From an image to features"),
        .layers("block", \.block, \.layers, "From the features of a resolution to those of half of it"),
        .layers("end", \.end, \.layers, "From features at 4x4"),
        Field("at", \.at, "What is otherwise at single resolutions") { .levels($0.layers) },
        .layers("head", \.head, \.layers, "From the features of the end to scores"),
        Field(
          "augment", \.augment, .optional(.object(AugmentSpec.schema), blank: AugmentSpec()),
          "What is changed at random in every image that it sees, real or drawn; the generator does not learn it",
          example: "{brightness: 0.25, saturation: 1, contrast: 0.5, translation: 0.125, cutout: 0.5}"),
      ])
  }
}

private let recipeWords = "as the recipe says"

extension Field {
  /// A list of layers.
  fileprivate static func layers(
    _ key: String, _ path: WritableKeyPath<Root, [LayerSpec]>, _ defaults: KeyPath<Root, [Choice]>, _ doc: String
  ) -> Field {
    Field(key, path, doc, default: .derived(recipeWords)) { .layers($0[keyPath: defaults]) }
  }

  /// The recipe, which has done its work when fields are read: what it says stands beside it.
  fileprivate static func recipe(_ recipes: [Recipe], default words: String) -> Field {
    let names = recipes.map(\.name)
    var type = FieldType<String>.named(names.isEmpty ? [""] : names, name: { $0 }, value: { names.contains($0) ? $0 : nil })
    type.write = { _ in nil }
    let meanings = recipes.map { "\($0.name): \($0.doc.prefix(1).lowercased() + $0.doc.dropFirst())" }
    let doc = (["Named defaults for everything below"] + meanings).joined(separator: "; ")
    return Field<String>("recipe", \.self, doc, default: .derived(words)) { _ in type }
      .lifted({ _ in names.first ?? "" }, set: { _, _ in })
  }
}
