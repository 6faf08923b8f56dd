import Spec

package enum LossCatalog {
  package static let terms = PerNetwork(
    generator: Catalog([
      GeneratorWasserstein.self
    ]),
    discriminator: Catalog([
      DiscriminatorWasserstein.self,
      GradientPenalty.self,
      Drift.self,
    ]))
}
