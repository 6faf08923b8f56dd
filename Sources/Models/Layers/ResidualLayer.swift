import Graph
import Spec

/// `(main(x) + shortcut(x)) * gain` (He et al. 2016): two lists of layers over the same features. Without layers a list passes them on.
package struct ResidualLayer: Layer, LayerContainer {
  package struct Settings: Equatable, Sendable {
    package var main: [LayerSpec] = []
    package var shortcut: [LayerSpec] = []
    package var gain = 1.0
  }

  package static var schema: ObjectSchema<Settings> { schema([]) }

  package static func schema(_ defaults: [Choice]) -> ObjectSchema<Settings> {
    ObjectSchema(
      "residual", "The sum of what two lists of layers make of the features (He et al. 2016)", Settings(),
      Field("main", \.main, .layers(defaults), "Layers of the one"),
      Field("shortcut", \.shortcut, .layers(defaults), "Layers of the other; none passes the features on"),
      Field("gain", \.gain, .number(.above(0)), "What the sum is multiplied by, as 0.7071 to keep its variance"))
  }

  package static func lists(_ settings: Settings) -> [(key: String, layers: [LayerSpec])] {
    [("main", settings.main), ("shortcut", settings.shortcut)]
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard !settings.main.isEmpty else { throw LayerMistake("it has no layers", note: "give it main: [...]") }
    let main = try settings.main.features(of: x, at: place, in: "main")
    let shortcut = try settings.shortcut.features(of: x, at: place, in: "shortcut")
    guard main == shortcut else {
      let remedy =
        main.channels == shortcut.channels
        ? "upsample or downsample in shortcut changes sides" : "a convolution with kernel: 1 in shortcut changes channels"
      throw LayerMistake("main leaves \(main), but shortcut \(shortcut)", note: remedy)
    }
    return main
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let main = try LayerSequence(layers: settings.main, place: site.place, name: site.name)(x, in: site.scope)
    let shortcut = try LayerSequence(layers: settings.shortcut, place: site.place, name: "\(site.name).shortcut")(x, in: site.scope)
    return try (main + shortcut).scaled(by: settings.gain)
  }
}
