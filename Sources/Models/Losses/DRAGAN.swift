import Graph
import Spec

/// `weight * mean (|grad D(y)| - 1)^2` at `y = x + a * deviation * std(x) * u`: real images, each with noise u uniform in [0, 1) for every number
/// and a uniform in [0, 1) for every image; std is that of all numbers of the minibatch (Kodali et al. 2017, and the authors' code).
struct DRAGAN: DiscriminatorTerm {
  struct Settings: Equatable {
    var weight = 10.0
    var deviation = 0.5
    var every = 1
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "dragan", "Keeps the critic's slope around real images near 1 (Kodali et al. 2017)", Settings(),
      Field("weight", \.weight, .number(.atLeast(0)), "The penalty's weight, lambda"),
      Field("deviation", \.deviation, .number(.above(0)), "How far from real images, in standard deviations of their numbers"),
      .every(\.every))
  }

  static let needsSlopes = true

  static func every(_ settings: Settings) -> Int { settings.every }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    let x = try context.images(.real), scope = context.scope
    let spread = try (x.squared().average() - x.average().squared()).squareRoot()
    let share = try scope.random("dragan.share", [x.shape[0], 1, 1, 1], .uniform)
    let noise = try scope.random("dragan.noise", x.shape, .uniform)
    let y = try x + (share * spread.scaled(by: settings.deviation)) * noise
    let slope = try gradients(of: context.scores(ofSeen: y).total(), wrt: [y])[0]
    let norms = try slope.squared().sum(to: [x.shape[0], 1, 1, 1]).squareRoot()
    return try (norms + -1).squared().average().scaled(by: settings.weight)
  }
}
