import Graph
import Spec

/// `x` above zero, `slope * x` below (Maas, Hannun & Ng 2013).
package struct LeakyReLU: Layer {
  package struct Settings: Equatable, Sendable {
    package var slope = 0.2
    package var gain = 1.0
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "leaky_relu", "Keeps what is above zero, and a part of what is below", Settings(),
      Field("slope", \.slope, .number(.from(0, below: 1)), "The part that is kept of what is below zero"),
      Field("gain", \.gain, .number(.above(0)), "What the result is multiplied by, as 1.4142 to keep the variance"))
  }

  package static let isActivation = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    try x.mapped(.leakyReLU(settings.slope)).scaled(by: settings.gain)
  }
}
