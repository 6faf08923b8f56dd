import Graph
import Spec

/// One term of the generator's loss.
package protocol GeneratorTerm: Plugin {
  /// The term's weighted value, a scalar.
  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor
}

/// One term of the discriminator's loss.
package protocol DiscriminatorTerm: Plugin {
  /// The term's weighted value, a scalar.
  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor
}

/// What the terms of the generator's loss may use.
package struct GeneratorContext {
  /// Scores of generated images, `[N, 1, 1, 1]`.
  package let fakeScores: Tensor
}

/// What the terms of the discriminator's loss may use. All scores are `[N, 1, 1, 1]`.
package struct DiscriminatorContext {
  /// Scores of real images.
  package let realScores: Tensor
  /// Scores of generated images.
  package let fakeScores: Tensor
  /// Mixes of real and generated images, `[N, 3, R, R]`, and their scores.
  package let mixes: Tensor
  package let mixedScores: Tensor

  /// The Euclidean norm per image of the gradient of the mixes' scores, `[N, 1, 1, 1]`.
  package func gradientNorms() throws(ShapeError) -> Tensor {
    let slope = try gradients(of: mixedScores.total(), wrt: [mixes])[0]
    return try slope.squared().sum(to: [slope.shape[0], 1, 1, 1]).squareRoot()
  }
}
