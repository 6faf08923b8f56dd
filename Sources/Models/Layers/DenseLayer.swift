import Graph
import Spec

/// Each of its results sees every number of an image's features. Named settings are those of a convolution.
package struct DenseLayer: Layer {
  package struct Settings: Equatable, Sendable {
    package var width = LayerWidth.leaving
    package var side = 1
    package var bias = true
    package var initial = InitialDraw.automatic
    package var equalizedRate = EqualizedRate.none
    package var gain: Double?
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "dense", "Results that each see all of the features, with a bias for each", Settings(),
      Field("width", \.width, .width, "Channels that it leaves: those that enter or leave the resolution, or a number"),
      Field("side", \.side, .integer(1...64), "Pixels of a side of what it leaves"),
      Field("bias", \.bias, .flag, "Whether a number is added to each result"),
      Field("initial", \.initial, .draw, "How weights are drawn, or the deviation of a normal draw"),
      Field(
        "equalized_rate", \.equalizedRate, .choice,
        "What the learning rate is equalized by: the scaled input, the scaled weights, or nothing"),
      Field(
        "gain", \.gain, .either("automatic", or: .number(.above(0)), blank: 1),
        "What scaled weights are multiplied by; automatic is sqrt(2) before an activation, else 1"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features {
    Features(channels: settings.width.channels(at: place), side: settings.side)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// `[N, C, H, W]` to `[N, width, side, side]`; the weight is `[width * side * side, C * H * W]`.
  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let (width, side) = (settings.width.channels(at: site.place), settings.side)
    let (inputs, outputs) = (x.shape[1] * x.shape[2] * x.shape[3], width * side * side)
    let draw = WeightDraw(
      fanIn: inputs, fanOut: outputs, channels: inputs, isActivated: site.isActivated, initial: settings.initial,
      rate: settings.equalizedRate, gain: settings.gain)
    let weight = try site.weight("weight", [outputs, inputs], draw.weight).reshaped([outputs, inputs, 1, 1])
    var y = try x.reshaped([x.shape[0], inputs, 1, 1]).convolved(with: weight).scaled(by: draw.scale)
    if settings.bias { y = try y + site.weight("bias", [outputs], draw.bias).reshaped([1, outputs, 1, 1]) }
    return try y.reshaped([x.shape[0], width, side, side])
  }
}
