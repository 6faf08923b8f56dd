import Graph
import Spec

/// `tanh(x)`.
package struct TanhLayer: Layer {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> { ObjectSchema("tanh", "The hyperbolic tangent", Settings()) }

  package static let isActivation = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor { try x.mapped(.tanh) }
}
