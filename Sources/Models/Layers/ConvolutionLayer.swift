import Graph
import Kernels
import Spec

/// How the learning rate of a layer is equalized: `input` scales the input by sqrt(2 / channels) and draws weights with
/// Kaiming's deviation; `weight` stores N(0, 1) weights and multiplies them by gain / sqrt(fan in); `none` does neither.
package enum EqualizedRate: String, CaseIterable, Sendable { case input, weight, none }

/// A convolution with bias and equalized learning rate; with a stride, in groups, or transposed.
///
/// `input` (the icon GAN): Kaiming's deviation sqrt(2 / fan in) for the weights, and the input multiplied by
/// sqrt(2 / channels); layers that no activation follows are left plain, PyTorch's default uniform draw.
/// `weight` (Karras et al. 2018, section 4.1): N(0, 1) weights multiplied by gain / sqrt(fan in), zero biases, every layer. The gain is
/// sqrt(2) before an activation, else 1.
package struct ConvolutionLayer: Layer {
  package struct Settings: Equatable, Sendable {
    package var width = LayerWidth.leaving
    package var expansion = 1
    package var kernel = 3
    package var stride = 1
    package var transposed = false
    package var padding: Int?
    package var border = PaddingMode.zeros
    package var groups = 1
    package var weights = WeightSettings()

    /// Channels that leave it.
    func channels(at place: LayerPlace) -> Int { expansion * width.channels(at: place) }

    /// Pixels added on each side: those that keep the sides, or divide them by the stride, where that is possible.
    var pixelsAround: Int { padding ?? max(0, kernel - stride + 1) / 2 }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "convolution", "Filters that slide over the image, with a bias for each channel", Settings(),
      fields: [
        Field("width", \.width, .width, "Channels that it leaves: those that enter or leave the resolution, or a number"),
        Field("expansion", \.expansion, .integer(1...16), "How many times as many channels it leaves"),
        Field("kernel", \.kernel, .integer(1...15), "Pixels of a side of its filters"),
        Field("stride", \.stride, .integer(1...8), "Pixels from one place of a filter to the next"),
        Field("transposed", \.transposed, .flag, "Whether it is the transpose, whose sides grow by the stride"),
        Field(
          "padding", \.padding, .either("same", or: .integer(0...14), blank: 0),
          "Pixels added around the image; same is (kernel - stride + 1) / 2, rounded down, which keeps the sides or divides them by the stride"
        ),
        Field("border", \.border, .choice, "What is seen beyond the border"),
        Field("groups", \.groups, .integer(SpecLimits.channels), "Groups of channels that do not see each other"),
      ], WeightSettings.allFields(of: \.weights))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    try settings.weights.check()
    let (kernel, stride, padding) = (settings.kernel, settings.stride, settings.pixelsAround)
    let channels = settings.channels(at: place)
    guard SpecLimits.channels.contains(channels) else {
      throw LayerMistake("\(channels) channels are more than \(SpecLimits.channels.upperBound)")
    }
    for (count, words) in [(x.channels, "enter"), (channels, "leave")] where count % settings.groups != 0 {
      throw LayerMistake("\(count) channels that \(words) it are no \(settings.groups) groups")
    }
    let mirrors = padding > 0 && settings.border == .reflect
    if settings.transposed {
      guard settings.groups == 1 else { throw LayerMistake("a transposed convolution has no groups", note: "use groups: 1") }
      guard !mirrors else { throw LayerMistake("a transposed convolution has no border to mirror", note: "use border: zeros") }
      let side = (x.side - 1) * stride - 2 * padding + kernel
      guard side >= 1 else { throw LayerMistake("a padding of \(padding) leaves nothing of its image") }
      guard side <= SpecLimits.resolutions.upperBound else {
        throw LayerMistake("it would leave \(side)x\(side) pixels, more than \(SpecLimits.resolutions.upperBound)")
      }
      return Features(channels: channels, side: side)
    }
    guard x.side + 2 * padding >= kernel else {
      throw LayerMistake("a kernel of \(kernel) is larger than the image with a padding of \(padding)")
    }
    guard x.side % stride == 0 || x.side < stride || stride == 1 else {
      throw LayerMistake("a stride of \(stride) does not divide \(x.side) pixels")
    }
    guard !mirrors || padding < x.side else {
      throw LayerMistake(
        "a padding of \(padding) cannot mirror \(x.side)x\(x.side) pixels", note: "use border: zeros, or a smaller padding")
    }
    guard !mirrors || stride == 1 else { throw LayerMistake("a stride needs border: zeros, or padding: 0") }
    return Features(channels: channels, side: (x.side + 2 * padding - kernel) / stride + 1)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// `[N, C, H, W]` to `[N, width, H', W']`.
  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let (inputs, outputs, kernel) = (x.shape[1], settings.channels(at: site.place), settings.kernel)
    let padding = settings.pixelsAround
    // Of a single pixel only one tap sees anything.
    let taps = x.shape[2] == 1 && x.shape[3] == 1 ? 1 : kernel * kernel
    let border: Border = padding > 0 && settings.border == .reflect ? .reflect : .zeros
    let shape: Shape =
      settings.transposed ? [inputs, outputs, kernel, kernel] : [outputs, inputs / settings.groups, kernel, kernel]
    return try settings.weights.layer(
      shape: shape, axis: settings.transposed ? 1 : 0, fans: (inputs / settings.groups * taps, outputs / settings.groups * taps),
      inputs: inputs, isActivated: site.isActivated, at: site
    ) { weight throws(ShapeError) in
      settings.transposed
        ? try x.convolvedTransposed(with: weight, stride: settings.stride, padding: padding)
        : try x.convolved(with: weight, stride: settings.stride, padding: padding, border: border, groups: settings.groups)
    }
  }
}
