import Graph
import Spec

/// `weight * mean D(x)^2` over real images, so that scores stay near zero (Karras et al. 2018, appendix A).
struct Drift: DiscriminatorTerm {
  struct Settings: Equatable { var weight = 0.001 }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "drift", "Keeps the critic's scores of real images near zero (Karras et al. 2018)", Settings(),
      Field("weight", \.weight, .number(.atLeast(0)), "The term's weight, epsilon_drift"))
  }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try context.realScores().squared().average().scaled(by: settings.weight)
  }
}
