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
  /// Scores of generated images, `[N, 1, S, S]`; S is 1 for most networks.
  package let fakeScores: Tensor
}

/// What the terms of the discriminator's loss may use. All scores are `[N, 1, S, S]`; S is 1 for most networks.
package final class DiscriminatorContext {
  /// Scores of real images.
  package let realScores: Tensor
  /// Scores of generated images.
  package let fakeScores: Tensor

  private let makeMixes: () throws(ShapeError) -> Mixes
  private var made: Mixes?

  init(realScores: Tensor, fakeScores: Tensor, mixes: @escaping () throws(ShapeError) -> Mixes) {
    self.realScores = realScores
    self.fakeScores = fakeScores
    makeMixes = mixes
  }

  /// Mixes of real and generated images. The pass over them is part of the plan once a term asks.
  package func mixes() throws(ShapeError) -> Mixes {
    if let made { return made }
    let mixes = try makeMixes()
    made = mixes
    return mixes
  }
}

/// Points between real and generated images, one for each pair, and what the discriminator says of them.
package struct Mixes {
  /// `[N, 3, R, R]`.
  package let images: Tensor
  /// `[N, 1, S, S]`.
  package let scores: Tensor

  /// The Euclidean norm per image of the gradient of its score, or of the sum of its scores, `[N, 1, 1, 1]`.
  package func gradientNorms() throws(ShapeError) -> Tensor {
    let slope = try gradients(of: scores.total(), wrt: [images])[0]
    return try slope.squared().sum(to: [slope.shape[0], 1, 1, 1]).squareRoot()
  }
}
