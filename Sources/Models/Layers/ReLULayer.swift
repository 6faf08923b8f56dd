import Graph
import Spec

/// `max(x, 0)`.
package struct ReLULayer: Layer {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema("relu", "Keeps what is above zero (Nair & Hinton 2010)", Settings())
  }

  package static let isActivation = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor { try x.mapped(.leakyReLU(0)) }
}
