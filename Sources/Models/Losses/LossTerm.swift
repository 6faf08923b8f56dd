import Graph
import Spec

/// One term of a network's loss: its settings and the graph that computes it.
package protocol LossTerm: Sendable {
  /// Key, network, documentation, settings with ranges and defaults: what specs, schema and messages know of the term.
  static var declaration: TermDeclaration { get }
  /// The term with settings by key, every one given.
  init(settings: [String: Double])
  /// The term's weighted value, a scalar.
  func value(_ context: LossContext) throws(ShapeError) -> Tensor
}

/// What the terms of one iteration's loss may use. All scores are `[N, 1, 1, 1]`.
package struct LossContext {
  /// Scores of generated images.
  package let fakeScores: Tensor
  /// Scores of real images; the generator's terms have none.
  package let realScores: Tensor?
  /// Scores of mixes of real and generated images, and the mixes; the generator's terms have none.
  package let mixed: (scores: Tensor, images: Tensor)?

  /// The Euclidean norm per image of the gradient of the mixes' scores, `[N, 1, 1, 1]`.
  package func gradientNorms() throws(ShapeError) -> Tensor {
    guard let mixed else { preconditionFailure("only the discriminator's loss has mixed images") }
    let slope = try gradients(of: mixed.scores.total(), wrt: [mixed.images])[0]
    return try slope.squared().sum(to: [slope.shape[0], 1, 1, 1]).squareRoot()
  }
}
