import Basics
import Graph
import Spec

/// `weight * mean((|grad D(x)| / target - 1)^2)` over mixes x of real and generated images (Gulrajani et al. 2017,
/// equation 3; the target from Karras et al. 2018, appendix A).
struct GradientPenalty: DiscriminatorTerm, LossTermDeclaration {
  struct Settings: Equatable {
    var weight = 10.0
    var target = 1.0
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "gradient_penalty", "Keeps the critic's slope between real and generated images near a target (Gulrajani et al. 2017)",
      Settings(), Field("weight", \.weight, .number(.atLeast(0)), "The penalty's weight, lambda"),
      Field("target", \.target, .number(.above(0)), "The norm that the gradient is drawn to, gamma"))
  }

  static let measured = [Column.gradientNorm]

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try (context.mixes().gradientNorms().scaled(by: 1 / settings.target) + -1).squared().average().scaled(by: settings.weight)
  }
}
