import Graph
import Spec

/// `x + strength * noise`, the same normal noise in all channels, another one for each image and pixel; strength 0 at first (Karras et al.
/// 2019, in the form of 2020).
package struct NoiseLayer: Layer {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema("noise", "Adds normal noise to each pixel, as strong as it learns (Karras et al. 2019)", Settings())
  }

  package static let isTransparent = true
  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let noise = try site.scope.random(site.name, [x.shape[0], 1, x.shape[2], x.shape[3]], .normal)
    return try x + site.weight("strength", [1], .constant(0)).reshaped(.scalar) * noise
  }
}
