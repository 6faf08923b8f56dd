import Graph
import Spec

/// Multiplies each channel by what an earlier level says: its features, averaged to 4x4, through a 4x4 convolution, swish, a 1x1 convolution
/// and a sigmoid (Liu et al. 2021, skip-layer excitation).
package struct ExcitationLayer: Layer {
  package struct Settings: Equatable, Sendable {
    package var from = 4
    package var weights = WeightSettings()
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "excitation", "Multiplies each channel by what an earlier resolution says (Liu et al. 2021)", Settings(),
      fields: [Field("from", \.from, .powerOfTwo(SpecLimits.resolutions), "The resolution whose features say so")],
      WeightSettings.fields(of: \.weights))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard let features = place.earlier[settings.from] else {
      let known = place.earlier.keys.sorted().map(String.init).joined(separator: ", ")
      throw LayerMistake(
        "no resolution of \(settings.from) comes before it", note: known.isEmpty ? "none does" : "before it come \(known)")
    }
    guard features.side >= pooledSide else {
      throw LayerMistake("the resolution of \(settings.from) leaves \(features), less than 4x4 pixels")
    }
    return x
  }

  private static let pooledSide = 4
  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    guard let features = site.scope.levels[settings.from] else {
      throw ShapeError(op: "excitation", inputs: [x.shape], reason: "no level of \(settings.from) was passed")
    }
    var pooled = features
    while pooled.shape[2] > Self.pooledSide { pooled = try pooled.apply(SumPool()).scaled(by: 0.25) }
    let (inputs, channels) = (features.shape[1], x.shape[1])
    let first = try settings.weights.layer(
      "first.", shape: [channels, inputs, 4, 4], fans: (16 * inputs, 16 * channels), inputs: inputs, isActivated: true, at: site
    ) { weight throws(ShapeError) in try pooled.convolved(with: weight) }
    let second = try settings.weights.layer(
      "second.", shape: [channels, channels, 1, 1], fans: (channels, channels), inputs: channels, isActivated: false, at: site
    ) { weight throws(ShapeError) in try (first * first.mapped(.sigmoid)).convolved(with: weight) }
    return try x * second.mapped(.sigmoid)
  }
}
