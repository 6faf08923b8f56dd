import Graph
import Spec

/// Each of its results sees every number of an image's features. Named settings are those of a convolution.
package struct DenseLayer: Layer {
  package struct Settings: Equatable, Sendable {
    package var width = LayerWidth.leaving
    package var side = 1
    package var weights = WeightSettings()
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "dense", "Results that each see all of the features, with a bias for each", Settings(),
      fields: [
        Field("width", \.width, .width, "Channels that it leaves: those that enter or leave the resolution, or a number"),
        Field("side", \.side, .integer(1...64), "Pixels of a side of what it leaves"),
      ], WeightSettings.allFields(of: \.weights))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    try settings.weights.check()
    return Features(channels: settings.width.channels(at: place), side: settings.side)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// `[N, C, H, W]` to `[N, width, side, side]`; the weight is `[width * side * side, C * H * W]`.
  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let (width, side) = (settings.width.channels(at: site.place), settings.side)
    let (inputs, outputs) = (x.shape[1] * x.shape[2] * x.shape[3], width * side * side)
    let flat = try x.reshaped([x.shape[0], inputs, 1, 1])
    let y = try settings.weights.layer(
      shape: [outputs, inputs], fans: (inputs, outputs), inputs: inputs, isActivated: site.isActivated, at: site
    ) { weight throws(ShapeError) in try flat.convolved(with: weight.reshaped([outputs, inputs, 1, 1])) }
    return try y.reshaped([x.shape[0], width, side, side])
  }
}
