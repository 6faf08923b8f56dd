import Graph
import Spec

/// `mean softplus(-D(G(z)))`, which keeps its slope where generated images are told at once (Goodfellow et al. 2014, section 3).
struct GeneratorNonSaturating: GeneratorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema("non_saturating", "The cross-entropy of being taken for a real image (Goodfellow et al. 2014)", Settings())
  }

  static let isAdversarial = true

  init(_ settings: Settings) {}

  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor { try (-context.fakeScores()).softplus().average() }
}
