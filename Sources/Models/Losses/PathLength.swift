import Graph
import Spec

/// `weight * mean (L - a)^2`: L of each image is the root of the mean over modulated layers of `|d <image, y> / d w|^2`, y being normal noise
/// divided by the side of images, and a the running mean of L (Karras et al. 2020, equation 4).
struct PathLength: GeneratorTerm {
  struct Settings: Equatable {
    var weight = 2.0
    var decay = 0.01
    var every = 4
  }

  static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "path_length", "Keeps the length of the way that images go when their styles do near its mean (Karras et al. 2020)",
      Settings(),
      Field("weight", \.weight, .number(.atLeast(0)), "The term's weight"),
      Field("decay", \.decay, .number(.above(0, to: 1)), "The share of the newest lengths in their running mean"),
      .every(\.every))
  }

  static func every(_ settings: Settings) -> Int { settings.every }

  private let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  static let kept = ["mean"]
  static let needsStyles = true

  func value(_ context: GeneratorContext) throws(ShapeError) -> Tensor {
    guard let styles = context.scope.layerStyles else { preconditionFailure("a path length without styles") }
    let images = context.images, batch = images.shape[0]
    let noise = try context.scope.random("path_length", images.shape, .normal).scaled(by: 1 / Double(images.shape[2]))
    let slope = try gradients(of: (images * noise).total(), wrt: [styles])[0]
    // One layer after the other, each with all images.
    let layers = slope.shape[0] / batch, width = slope.shape[1]
    let squares = try slope.squared().reshaped([layers, batch, width, 1]).sum(to: [1, batch, 1, 1])
    let lengths = try squares.scaled(by: 1 / Double(layers)).squareRoot()
    let old = try context.scope.kept("path_length.mean")
    let mean = try old + (lengths.average().detached() - old).scaled(by: settings.decay)
    context.scope.update("path_length.mean", to: mean)
    return try (lengths - mean).squared().average().scaled(by: settings.weight)
  }
}
