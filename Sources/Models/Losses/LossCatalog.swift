import Spec

package enum LossCatalog {
  package static let terms = PerNetwork(
    generator: Catalog([
      GeneratorWasserstein.self,
      GeneratorHinge.self,
      GeneratorNonSaturating.self,
      GeneratorLeastSquares.self,
      GeneratorRelativistic.self,
      PathLength.self,
    ]),
    discriminator: Catalog([
      DiscriminatorWasserstein.self,
      DiscriminatorHinge.self,
      DiscriminatorNonSaturating.self,
      DiscriminatorLeastSquares.self,
      DiscriminatorRelativistic.self,
      GradientPenalty.self,
      RealGradients.self,
      GeneratedGradients.self,
      DRAGAN.self,
      Drift.self,
      LeCam.self,
      Consistency.self,
    ]))
}
