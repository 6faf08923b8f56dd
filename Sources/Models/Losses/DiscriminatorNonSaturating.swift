import Graph
import Spec

/// `mean softplus(-D(x)) + mean softplus(D(G(z)))`: the cross-entropy of real and generated images (Goodfellow et al. 2014).
struct DiscriminatorNonSaturating: DiscriminatorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema("non_saturating", "The cross-entropy of telling real from generated images (Goodfellow et al. 2014)", Settings())
  }

  static let isAdversarial = true

  init(_ settings: Settings) {}

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try (-context.realScores()).softplus().average() + context.fakeScores().softplus().average()
  }
}
