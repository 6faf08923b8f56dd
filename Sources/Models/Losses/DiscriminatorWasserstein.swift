import Graph
import Spec

/// `mean D(G(z)) - mean D(x)` (Arjovsky, Chintala & Bottou 2017, algorithm 1).
struct DiscriminatorWasserstein: DiscriminatorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "wasserstein", "The critic's mean score of generated images less that of real ones (Arjovsky et al. 2017)", Settings())
  }

  static let isAdversarial = true

  init(_ settings: Settings) {}

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try context.fakeScores().average() - context.realScores().average()
  }
}
