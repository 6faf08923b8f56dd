/// `loss`: the terms of each network's loss, in the order of the file.
package typealias LossSpec = PerNetwork<[Choice]>

extension PerNetwork<[Choice]> {
  /// `loss` with these terms to choose from.
  static func schema(_ terms: PerNetwork<Catalog>) -> ObjectSchema<LossSpec> {
    func type(_ network: NetworkRole) -> FieldType<[Choice]> {
      .catalog(terms[network], kind: "a term of the \(network)'s loss", plural: "terms")
    }
    return ObjectSchema(
      name: "loss", blank: LossSpec(generator: [], discriminator: []),
      fields: [
        Field(
          "generator", \.generator, type(.generator), "What the generator minimizes: the sum of these terms",
          default: .required, example: "{wasserstein: {}}"),
        Field(
          "discriminator", \.discriminator, type(.discriminator), "What the discriminator minimizes: the sum of these terms",
          default: .required, example: "{wasserstein: {}, gradient_penalty: {weight: 10}}"),
      ])
  }
}
