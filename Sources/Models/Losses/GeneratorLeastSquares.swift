import Graph
import Spec

/// `mean (D(G(z)) - 1)^2 / 2` (Mao et al. 2017, equation 9, with c = 1).
struct GeneratorLeastSquares: GeneratorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "least_squares", "How far scores of generated images are from 1 (Mao et al. 2017)", Settings())
  }

  static let isAdversarial = true

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor {
    try (context.fakeScores() + -1).squared().average().scaled(by: 0.5)
  }
}
