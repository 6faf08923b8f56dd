import Graph
import Spec

/// `-mean D(G(z))` (Arjovsky, Chintala & Bottou 2017, algorithm 1).
struct GeneratorWasserstein: LossTerm {
  static let declaration = TermDeclaration(
    name: "wasserstein", network: .generator, doc: "The critic's mean score of generated images, negated (Arjovsky et al. 2017)")

  init(settings: [String: Double]) {}

  func value(_ context: LossContext) throws(ShapeError) -> Tensor { try -context.fakeScores.average() }
}
