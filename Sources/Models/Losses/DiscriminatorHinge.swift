import Graph
import Spec

/// `mean max(0, 1 - D(x)) + mean max(0, 1 + D(G(z)))` (Lim & Ye 2017; Miyato et al. 2018, equation 17).
struct DiscriminatorHinge: DiscriminatorTerm {
  struct Settings: Equatable {}

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "hinge", "How far scores are from above 1 for real images and below -1 for generated ones (Lim & Ye 2017)", Settings())
  }

  static let isAdversarial = true

  init(_ settings: Settings) {}

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    let real = try (1 - context.realScores()).mapped(.leakyReLU(0)).average()
    return try real + (context.fakeScores() + 1).mapped(.leakyReLU(0)).average()
  }
}
