import Graph
import Spec

/// `(x - mean) / sqrt(variance + epsilon) * scale + bias`, mean and variance over the pixels of a channel of an image, scale and bias for
/// each channel (Ulyanov, Vedaldi & Lempitsky 2016).
package struct InstanceNorm: Layer {
  package struct Settings: Equatable, Sendable { package var epsilon = 1e-5 }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "instance_norm", "Takes mean and deviation from each channel of an image, then scales it (Ulyanov et al. 2016)", Settings(),
      Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"))
  }

  package static let isTransparent = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.side > 1 else { throw LayerMistake("a single pixel has no deviation") }
    return x
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    try site.scaled(x.standardized(over: [x.shape[0], x.shape[1], 1, 1], epsilon: settings.epsilon))
  }
}
