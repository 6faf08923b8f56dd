import Graph
import Spec

/// `gamma / 2 * mean |grad D(x)|^2` over generated images (Mescheder et al. 2018, equation 10). Gamma is that of the experiment's own images: of images in [0, 1], whose
/// slopes are twice as steep, a quarter of a gamma that is meant for [-1, 1] weighs as much.
struct GeneratedGradients: DiscriminatorTerm {
  struct Settings: Equatable {
    var gamma = 10.0
    var every = 1
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "r2", "Keeps the slope of scores at generated images small (Mescheder et al. 2018)", Settings(),
      Field(
        "gamma", \.gamma, .number(.atLeast(0)),
        "Twice the weight; a paper's gamma for images in [-1, 1] is four times that for [0, 1]"),
      .every(\.every))
  }

  static let needsSlopes = true

  static func every(_ settings: Settings) -> Int { settings.every }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  var slopes: Set<ScoredImages> { [.generated] }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    try context.squaredSlopes(at: .generated).average().scaled(by: settings.gamma / 2)
  }
}
