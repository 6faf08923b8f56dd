import Graph
import Spec

/// `(x - mean) / sqrt(variance + epsilon) * scale + bias`, mean and variance over channels and pixels of an image, scale and bias for each
/// channel (Ba, Kiros & Hinton 2016; in critics Gulrajani et al. 2017).
package struct LayerNorm: Layer {
  package struct Settings: Equatable, Sendable { package var epsilon = 1e-5 }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "layer_norm", "Takes mean and deviation from each image's features, then scales each channel (Ba et al. 2016)", Settings(),
      Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"))
  }

  package static let isTransparent = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.channels * x.side * x.side > 1 else { throw LayerMistake("a single number has no deviation") }
    return x
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    try site.scaled(x.standardized(over: [x.shape[0], 1, 1, 1], epsilon: settings.epsilon))
  }
}
