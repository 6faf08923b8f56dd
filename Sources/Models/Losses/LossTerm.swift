import Basics
import Graph
import Spec

/// One term of a network's loss.
package protocol LossTerm: Plugin, LossTermDeclaration {
  /// The names of numbers that it keeps from one iteration to the next, 0 at first.
  static var kept: [String] { get }
}

extension LossTerm {
  package static var kept: [String] { [] }
}

/// One term of the generator's loss.
package protocol GeneratorTerm: LossTerm {
  /// Its weighted value, a scalar.
  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor
  /// Whether it asks for scores of real images.
  var comparesImages: Bool { get }
}

extension GeneratorTerm {
  package var comparesImages: Bool { false }
}

/// One term of the discriminator's loss.
package protocol DiscriminatorTerm: LossTerm {
  /// Its weighted value, a scalar.
  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor
  /// Images whose scores it differentiates.
  var slopes: Set<ScoredImages> { get }
  /// What it measures beside its value, by ``measured``.
  func measures(_ context: DiscriminatorContext) throws(ShapeError) -> [Column: Tensor]
}

extension DiscriminatorTerm {
  package var slopes: Set<ScoredImages> { [] }
  package func measures(_ context: DiscriminatorContext) throws(ShapeError) -> [Column: Tensor] { [:] }
}

/// What the terms of the generator's loss may use. All scores are `[N, 1, S, S]`; S is 1 for most networks.
package final class GeneratorContext {
  /// The generator's pass, which keeps what layers asked for.
  let scope: Scope
  /// Drawn images, `[N, 3, R, R]`.
  let images: Tensor
  private let score: (_ withReal: Bool) throws(ShapeError) -> (real: Tensor?, fake: Tensor)
  private var made: (real: Tensor?, fake: Tensor)?
  private let usesReal: Bool

  init(
    _ scope: Scope, images: Tensor, usesReal: Bool,
    score: @escaping (_ withReal: Bool) throws(ShapeError) -> (real: Tensor?, fake: Tensor)
  ) {
    (self.scope, self.images, self.usesReal, self.score) = (scope, images, usesReal, score)
  }

  /// Scores of drawn images.
  package func fakeScores() throws(ShapeError) -> Tensor { try scores().fake }

  /// Scores of the iteration's real images, from a pass together with the drawn ones.
  package func realScores() throws(ShapeError) -> Tensor {
    guard let real = try scores().real else { preconditionFailure("a term of real images that does not say so") }
    return real
  }

  private func scores() throws(ShapeError) -> (real: Tensor?, fake: Tensor) {
    if let made { return made }
    let scores = try score(usesReal)
    made = scores
    return scores
  }
}
