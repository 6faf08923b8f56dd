extension LossSpec {
  /// `loss` with these terms to choose from.
  static func schema(terms: [TermDeclaration]) -> ObjectSchema<LossSpec> {
    func type(_ network: TermDeclaration.Network) -> FieldType<[LossTermSpec]> {
      .catalogue(
        terms.filter { $0.network == network }.map(LossTermSpec.schema), name: \.name, kind: "a term of the \(network)'s loss")
    }
    return ObjectSchema(
      name: "loss", blank: LossSpec(generator: [], discriminator: []),
      fields: [
        Field(
          "generator", \.generator, type(.generator), "What the generator minimises: the sum of these terms",
          default: .required, example: "{wasserstein: {}}"),
        Field(
          "discriminator", \.discriminator, type(.discriminator), "What the discriminator minimises: the sum of these terms",
          default: .required, example: "{wasserstein: {}, gradient_penalty: {weight: 10}}"),
      ])
  }
}

extension LossTermSpec {
  /// The settings of one term.
  static func schema(_ term: TermDeclaration) -> ObjectSchema<LossTermSpec> {
    let defaults = Dictionary(uniqueKeysWithValues: term.settings.map { ($0.key, $0.default) })
    return ObjectSchema(
      name: term.name, doc: term.doc, blank: LossTermSpec(name: term.name, settings: defaults),
      fields: term.settings.map { setting in
        Field(setting.key, \.[setting.key], .number(setting.range), setting.doc)
      })
  }

  /// A setting that the term is known to have.
  private subscript(key: String) -> Double {
    get { settings[key] ?? .nan }
    set { settings[key] = newValue }
  }
}
