import Graph
import Spec

/// Half as many pixels along both sides.
package struct DownsampleLayer: Layer {
  package enum Mode: String, CaseIterable, Sendable { case average }

  package struct Settings: Equatable, Sendable { package var mode = Mode.average }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "downsample", "Half as many pixels along both sides", Settings(),
      Field("mode", \.mode, .choice, "What the remaining pixels are: the average of 2x2"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.side % 2 == 0 else { throw LayerMistake("a side of \(x.side) pixels has no half") }
    return Features(channels: x.channels, side: x.side / 2)
  }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    try x.apply(SumPool()).scaled(by: 0.25)
  }
}
