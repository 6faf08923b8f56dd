import Basics
import Graph
import Spec

/// `weight * mean((|grad D(x)| / target - 1)^2)` over mixes x of real and generated images, or over either (Gulrajani et al. 2017, equation 3;
/// the target from Karras et al. 2018, appendix A); with the target 0, `weight * mean |grad D(x)|^2` (Thanh-Tung et al. 2019; Mescheder et
/// al. 2018 of real images).
struct GradientPenalty: DiscriminatorTerm {
  struct Settings: Equatable {
    var weight = 10.0
    var target = 1.0
    var images = ScoredImages.mixed
    var every = 1
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "gradient_penalty", "Keeps the critic's slope at images near a target (Gulrajani et al. 2017)",
      Settings(), Field("weight", \.weight, .number(.atLeast(0)), "The penalty's weight, lambda"),
      Field("target", \.target, .number(.atLeast(0)), "The norm that the gradient is drawn to, gamma; 0: its square is kept small"),
      Field("images", \.images, .choice, "Where the slope is taken: at mixes of real and generated images, or at either"),
      .every(\.every))
  }

  static let measured = [Column.gradientNorm]
  static let needsSlopes = true

  static func every(_ settings: Settings) -> Int { settings.every }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  var slopes: Set<ScoredImages> { [settings.images] }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    let squares = try context.squaredSlopes(at: settings.images)
    guard settings.target > 0 else { return try squares.average().scaled(by: settings.weight) }
    return try (squares.squareRoot().scaled(by: 1 / settings.target) + -1).squared().average().scaled(by: settings.weight)
  }

  func measures(_ context: DiscriminatorContext) throws(ShapeError) -> [Column: Tensor] {
    [.gradientNorm: try context.squaredSlopes(at: settings.images).squareRoot().average()]
  }
}
