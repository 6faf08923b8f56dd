import Graph
import Spec

/// `x sigmoid(x)`.
package struct SwishLayer: Layer {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> { ObjectSchema("swish", "x sigmoid(x) (Ramachandran et al. 2017)", Settings()) }

  package static let isActivation = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor { try x * x.mapped(.sigmoid) }
}
