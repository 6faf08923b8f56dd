import Graph
import Spec

/// `-mean D(G(z))` (Arjovsky, Chintala & Bottou 2017, algorithm 1).
struct GeneratorWasserstein: GeneratorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema("wasserstein", "The critic's mean score of generated images, negated (Arjovsky et al. 2017)", Settings())
  }

  static let isAdversarial = true

  init(_ settings: Settings) {}

  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor { try -context.fakeScores().average() }
}
