import Graph
import Spec

/// `-mean D(G(z))`, the generator's side of the hinge loss (Lim & Ye 2017; Miyato et al. 2018, equation 18).
struct GeneratorHinge: GeneratorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema("hinge", "The discriminator's mean score of generated images, negated (Lim & Ye 2017)", Settings())
  }

  static let isAdversarial = true

  init(_ settings: Settings) {}

  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor { try -context.fakeScores().average() }
}
