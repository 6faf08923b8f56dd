import Graph
import Spec

/// Half as many pixels along both sides.
package struct DownsampleLayer: Layer {
  /// `average` of 2x2 pixels; `fir` filters by [1, 3, 3, 1] with zeros beyond the border (Karras et al. 2020).
  package enum Mode: String, CaseIterable, Sendable { case average, fir }

  package struct Settings: Equatable, Sendable { package var mode = Mode.average }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "downsample", "Half as many pixels along both sides", Settings(),
      Field(
        "mode", \.mode, .choice,
        "What remaining pixels are: the average of 2x2, or filtered by [1, 3, 3, 1] with zeros beyond the border"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.side % 2 == 0 else { throw LayerMistake("a side of \(x.side) pixels has no half") }
    return Features(channels: x.channels, side: x.side / 2)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    // The average of what was blurred by [1, 2, 1] is filtered by [1, 3, 3, 1].
    let seen = settings.mode == .fir ? try x.blurred() : x
    return try seen.apply(SumPool()).scaled(by: 0.25)
  }
}
