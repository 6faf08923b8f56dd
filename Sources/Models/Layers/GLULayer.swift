import Graph
import Spec

/// The gated linear unit: the first half of the channels times the sigmoid of the second (Dauphin et al. 2017).
package struct GLULayer: Layer {
  package struct Settings: Equatable, Sendable {}

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema("glu", "The first half of the channels, gated by the second (Dauphin et al. 2017)", Settings())
  }

  package static let isActivation = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.channels % 2 == 0 else { throw LayerMistake("\(x.channels) channels have no half") }
    return Features(channels: x.channels / 2, side: x.side)
  }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let half = x.shape[1] / 2
    let gate = try x.apply(Slice(axis: 1, range: half..<2 * half)).mapped(.sigmoid)
    return try x.apply(Slice(axis: 1, range: 0..<half)) * gate
  }
}
