import Graph
import Spec

/// `weight * mean((|grad D(x)| / target - 1)^2)` over mixes x of real and generated images (Gulrajani et al. 2017,
/// equation 3; the target from Karras et al. 2018, appendix A).
struct GradientPenalty: LossTerm {
  static let declaration = TermDeclaration(
    name: "gradient_penalty", network: .discriminator,
    doc: "Keeps the critic's slope between real and generated images near a target (Gulrajani et al. 2017)",
    settings: [
      TermSetting(key: "weight", doc: "The penalty's weight, lambda", range: .atLeast(0), default: 10),
      TermSetting(key: "target", doc: "The norm that the gradient is drawn to, gamma", range: .above(0), default: 1),
    ])

  private let weight: Double
  private let target: Double

  init(settings: [String: Double]) { (weight, target) = (settings["weight"]!, settings["target"]!) }

  func value(_ context: LossContext) throws(ShapeError) -> Tensor {
    try (context.gradientNorms().scaled(by: 1 / target) + -1).squared().average().scaled(by: weight)
  }
}
