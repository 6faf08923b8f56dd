import Graph
import Spec

/// Twice as many pixels along both sides.
package struct UpsampleLayer: Layer {
  package enum Mode: String, CaseIterable, Sendable { case nearest }

  package struct Settings: Equatable, Sendable { package var mode = Mode.nearest }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "upsample", "Twice as many pixels along both sides", Settings(),
      Field("mode", \.mode, .choice, "What new pixels are: nearest repeats each one"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard 2 * x.side <= SpecLimits.resolutions.upperBound else {
      throw LayerMistake("it would leave \(2 * x.side)x\(2 * x.side) pixels, more than \(SpecLimits.resolutions.upperBound)")
    }
    return Features(channels: x.channels, side: 2 * x.side)
  }

  package init(_ settings: Settings) {}

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor { try x.apply(UpsampleNearest()) }
}
