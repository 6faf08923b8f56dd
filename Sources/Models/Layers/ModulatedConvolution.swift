import Graph
import Spec

/// A convolution whose input channels the style scales, and whose output channels are scaled back to unit variance (Karras et al. 2020,
/// section 2.2), without filters of each image: `s = style.weight w + style.bias`, `y = convolution(x * s) * d`,
/// `d[n, o] = 1 / sqrt(sum over i of s[n, i]^2 * (sum of W[o, i]^2) + 1e-8)`.
package struct ModulatedConvolution: Layer {
  package struct Settings: Equatable, Sendable {
    package var width = LayerWidth.leaving
    package var kernel = 3
    package var demodulate = true
    package var weights = WeightSettings()
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "modulated_convolution", "A convolution whose channels the mapped latent scales (Karras et al. 2020)", Settings(),
      fields: [
        Field("width", \.width, .width, "Channels that it leaves: those that enter or leave the resolution, or a number"),
        Field(
          "kernel", \.kernel, .integer(1...15, words: "an odd number from 1 to 15") { $0 % 2 == 1 },
          "Pixels of a side of its filters"),
        Field("demodulate", \.demodulate, .flag, "Whether what leaves is scaled back to unit variance"),
      ], WeightSettings.allFields(of: \.weights))
  }

  package static let usesStyle = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    try settings.weights.check()
    guard settings.weights.spectralNorm == .none else { throw LayerMistake("modulated filters have no spectral_norm of their own") }
    guard place.style != nil else {
      throw LayerMistake("there is no mapping that modulates it", note: "give generator.mapping layers, as in [dense, leaky_relu]")
    }
    return Features(channels: settings.width.channels(at: place), side: x.side)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  private static let epsilon = 1e-8

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    guard let style = try site.scope.nextStyle() else {
      throw ShapeError(op: "modulated_convolution", inputs: [x.shape], reason: "there is no mapping")
    }
    let (inputs, outputs, kernel) = (x.shape[1], settings.width.channels(at: site.place), settings.kernel)
    var affine = settings.weights
    (affine.bias, affine.gain) = (false, 1)
    let scales = try affine.layer(
      "style.", shape: [inputs, style.shape[1]], fans: (style.shape[1], inputs), inputs: style.shape[1], isActivated: false,
      at: site
    ) { weight throws(ShapeError) in try style.convolved(with: weight.reshaped([inputs, style.shape[1], 1, 1])) }
    let modulation = try scales + site.weight("style.bias", [inputs], .constant(1)).reshaped([1, inputs, 1, 1])
    let fans = (in: inputs * kernel * kernel, out: outputs * kernel * kernel)
    let factor = settings.weights.factor(fans, inputs: inputs, isActivated: site.isActivated)
    return try settings.weights.layer(
      shape: [outputs, inputs, kernel, kernel], fans: fans, inputs: inputs, isActivated: site.isActivated, at: site
    ) { weight throws(ShapeError) in
      let y = try (x * modulation).convolved(with: weight, padding: kernel / 2)
      guard settings.demodulate else { return y }
      let squares = try weight.squared().sum(to: [outputs, inputs, 1, 1])
      let power = try modulation.squared().convolved(with: squares).scaled(by: factor * factor)
      return try y * (power + Self.epsilon).squareRoot().reciprocal()
    }
  }
}
