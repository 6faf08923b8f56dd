import Graph
import Spec

/// `mean (D(x) - 1)^2 / 2 + mean D(G(z))^2 / 2` (Mao et al. 2017, equation 9, with a = 0 and b = 1).
struct DiscriminatorLeastSquares: DiscriminatorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "least_squares", "How far scores are from 1 for real images and from 0 for generated ones (Mao et al. 2017)", Settings())
  }

  static let isAdversarial = true

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try ((context.realScores() + -1).squared().average() + context.fakeScores().squared().average()).scaled(by: 0.5)
  }
}
