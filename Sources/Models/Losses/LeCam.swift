import Graph
import Spec

/// `weight * (mean relu(D(x) - m_f)^2 + mean relu(m_r - D(G(z)))^2)`: m_r and m_f are running means of scores of real and generated images,
/// brought up to date before they are used and not differentiated (Tseng et al. 2021, equation 6).
struct LeCam: DiscriminatorTerm {
  struct Settings: Equatable {
    var weight = 0.3
    var decay = 0.99
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "lecam", "Keeps scores near the running means of those of the other kind of images (Tseng et al. 2021)", Settings(),
      Field("weight", \.weight, .number(.atLeast(0)), "The term's weight, lambda; it belongs to the size of scores"),
      Field("decay", \.decay, .number(.from(0, below: 1)), "How much of the running means is kept in each step"))
  }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  static let kept = ["real", "generated", "total"]

  func value(_ context: DiscriminatorContext) throws(ShapeError) -> Tensor {
    let (real, fake) = (try context.realScores(), try context.fakeScores())
    func running(_ name: String, _ value: Tensor) throws(ShapeError) -> Tensor {
      let new = try context.scope.kept("lecam.\(name)").scaled(by: settings.decay) + value.scaled(by: 1 - settings.decay)
      context.scope.update("lecam.\(name)", to: new)
      return new
    }
    // Means begin at 0: what they lack yet is what a running mean of ones lacks.
    let one = try context.scope.graph.add(Constant(shape: .scalar, value: 1))
    let whole = try running("total", one).reciprocal()
    let realMean = try running("real", real.average().detached()) * whole
    let fakeMean = try running("generated", fake.average().detached()) * whole
    let above = try (real - fakeMean).mapped(.leakyReLU(0)).squared().average()
    return try (above + (realMean - fake).mapped(.leakyReLU(0)).squared().average()).scaled(by: settings.weight)
  }
}
