import Graph
import Spec

/// Features that are learned, N(0, 1) at first, the same for all images (Karras et al. 2019), or for each image multiplied channel by
/// channel by what enters (Huang et al. 2024).
package struct ConstantLayer: Layer {
  package struct Settings: Equatable, Sendable {
    package var width = LayerWidth.leaving
    package var side = 4
    package var scaled = false
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "constant", "Learned features, whatever enters", Settings(),
      Field("width", \.width, .width, "Channels that it leaves: those that enter or leave the resolution, or a number"),
      Field("side", \.side, .integer(1...64), "Pixels of a side of what it leaves"),
      Field("scaled", \.scaled, .flag, "Whether each channel is multiplied by what enters, which then is one number a channel"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    let own = Features(channels: settings.width.channels(at: place), side: settings.side)
    guard !settings.scaled || x == Features(channels: own.channels, side: 1) else {
      throw LayerMistake("only \(Features(channels: own.channels, side: 1)) can scale its channels", note: "put dense before it")
    }
    return own
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let (width, side) = (settings.width.channels(at: site.place), settings.side)
    let features = try site.weight("weight", [width, side, side], .normal(deviation: 1)).reshaped([1, width, side, side])
    return settings.scaled ? try x * features : try features.broadcast(to: [x.shape[0], width, side, side])
  }
}
