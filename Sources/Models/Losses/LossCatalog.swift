import Spec

package enum LossCatalog {
  package static let terms = PerNetwork(
    generator: Catalog([
      GeneratorWasserstein.self,
      GeneratorHinge.self,
      GeneratorNonSaturating.self,
    ]),
    discriminator: Catalog([
      DiscriminatorWasserstein.self,
      DiscriminatorHinge.self,
      DiscriminatorNonSaturating.self,
      GradientPenalty.self,
      Drift.self,
    ]))
}
