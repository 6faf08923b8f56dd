import Graph
import Kernels
import Spec

/// How the learning rate of a layer is equalized: `input` scales the input by sqrt(2 / channels) and draws weights with
/// Kaiming's deviation; `weight` stores N(0, 1) weights and multiplies them by gain / sqrt(fan in); `none` does neither.
package enum EqualizedRate: String, CaseIterable, Sendable { case input, weight, none }

/// How weights are drawn: `automatic` as the equalized rate has it; `kaiming` N(0, 2 / fan in), `glorot` N(0, 2 / (fan in + fan out)),
/// `uniform` between -1 / sqrt(fan in) and its opposite as in PyTorch, `zero`; all but `automatic` and `uniform` with zero biases.
package enum InitialDraw: String, CaseIterable, Sendable { case automatic, kaiming, glorot, uniform, zero }

/// A convolution with bias and equalized learning rate.
///
/// `input` (the icon GAN): Kaiming's deviation sqrt(2 / fan in) for the weights, and the input multiplied by
/// sqrt(2 / channels); layers that no activation follows are left plain, PyTorch's default uniform draw.
/// `weight` (Karras et al. 2018, section 4.1): N(0, 1) weights multiplied by gain / sqrt(fan in), zero biases, every layer. The gain is
/// sqrt(2) before an activation, else 1.
package struct ConvolutionLayer: Layer {
  package struct Settings: Equatable, Sendable {
    package var width = LayerWidth.leaving
    package var kernel = 3
    package var padding: Int?
    package var border = PaddingMode.zeros
    package var bias = true
    package var initial = InitialDraw.automatic
    package var equalizedRate = EqualizedRate.none
    package var gain: Double?
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "convolution", "Filters that slide over the image, with a bias for each channel", Settings(),
      Field("width", \.width, .width, "Channels that it leaves: those that enter or leave the resolution, or a number"),
      Field("kernel", \.kernel, .integer(1...15), "Pixels of a side of its filters"),
      Field(
        "padding", \.padding, .either("same", or: .integer(0...14), blank: 0),
        "Pixels added around the image; same is half of the kernel, so that an odd kernel keeps the sides"),
      Field("border", \.border, .choice, "What is seen beyond the border"),
      Field("bias", \.bias, .flag, "Whether a number is added to each channel"),
      Field("initial", \.initial, .choice, "How weights are drawn"),
      Field(
        "equalized_rate", \.equalizedRate, .choice,
        "What the learning rate is equalized by: the scaled input, the scaled weights, or nothing"),
      Field(
        "gain", \.gain, .either("automatic", or: .number(.above(0)), blank: 1),
        "What scaled weights are multiplied by; automatic is sqrt(2) before an activation, else 1"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    let padding = settings.padding ?? settings.kernel / 2
    let side = x.side + 2 * padding - settings.kernel + 1
    guard side >= 1 else {
      throw LayerMistake("a kernel of \(settings.kernel) is larger than the image with a padding of \(padding)")
    }
    guard padding == 0 || settings.border == .zeros || padding < x.side else {
      throw LayerMistake(
        "a padding of \(padding) cannot mirror \(x.side)x\(x.side) pixels", note: "use border: zeros, or a smaller padding")
    }
    return Features(channels: settings.width.channels(at: place), side: side)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// `[N, C, H, W]` to `[N, width, H', W']`.
  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let (inputs, outputs, kernel) = (x.shape[1], settings.width.channels(at: site.place), settings.kernel)
    let padding = settings.padding ?? kernel / 2
    let extents = ConvolutionShape(
      batch: x.shape[0], inputs: inputs, outputs: outputs, height: x.shape[2], width: x.shape[3], filterHeight: kernel,
      filterWidth: kernel, padding: padding, border: padding > 0 && settings.border == .reflect ? .reflect : .zeros)
    // Of a single pixel only one tap sees anything.
    let taps = x.shape[2] == 1 && x.shape[3] == 1 ? 1 : kernel * kernel
    let draw = WeightDraw(
      fanIn: inputs * taps, fanOut: outputs * taps, channels: inputs, isActivated: site.isActivated, initial: settings.initial,
      rate: settings.equalizedRate, gain: settings.gain)
    let weight = try site.weight("weight", [outputs, inputs, kernel, kernel], draw.weight)
    let convolved = try site.scope.graph.add(Convolution(extents), [x, weight]).scaled(by: draw.scale)
    guard settings.bias else { return convolved }
    return try convolved + site.weight("bias", [outputs], draw.bias).reshaped([1, outputs, 1, 1])
  }
}
