import Graph
import Spec

/// The sum of all pixels of each channel (Miyato & Koyama 2018).
package struct SumPoolLayer: Layer {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema("sum_pool", "The sum of all pixels of each channel (Miyato & Koyama 2018)", Settings())
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features {
    Features(channels: x.channels, side: 1)
  }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    try x.sum(to: [x.shape[0], x.shape[1], 1, 1])
  }
}
