import Graph
import Spec

/// `weight * mean D(x)^2` over real images, so that scores stay near zero (Karras et al. 2018, appendix A).
struct Drift: LossTerm {
  static let declaration = TermDeclaration(
    name: "drift", network: .discriminator, doc: "Keeps the critic's scores of real images near zero (Karras et al. 2018)",
    settings: [TermSetting(key: "weight", doc: "The term's weight, epsilon_drift", range: .atLeast(0), default: 0.001)])

  private let weight: Double

  init(settings: [String: Double]) { weight = settings["weight"]! }

  func value(_ context: LossContext) throws(ShapeError) -> Tensor {
    guard let real = context.realScores else { preconditionFailure("the discriminator's loss has real scores") }
    return try real.squared().average().scaled(by: weight)
  }
}
