import Graph
import Spec

/// `mean D(G(z)) - mean D(x)` (Arjovsky, Chintala & Bottou 2017, algorithm 1).
struct DiscriminatorWasserstein: LossTerm {
  static let declaration = TermDeclaration(
    name: "wasserstein", network: .discriminator,
    doc: "The critic's mean score of generated images less that of real ones (Arjovsky et al. 2017)")

  init(settings: [String: Double]) {}

  func value(_ context: LossContext) throws(ShapeError) -> Tensor {
    guard let real = context.realScores else { preconditionFailure("the discriminator's loss has real scores") }
    return try context.fakeScores.average() - real.average()
  }
}
