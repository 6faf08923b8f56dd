import Graph
import Kernels
import Spec

/// The discriminator, in WGAN a critic: the generator's mirror image, from an image to one score.
package struct Discriminator: Sendable {
  package let spec: DiscriminatorSpec

  package init(_ spec: DiscriminatorSpec) { self.spec = spec }

  private var border: Border { spec.padding == .reflect ? .reflect : .zeros }
  private var activation: Activation { Activation(leak: spec.leak, norm: spec.pixelNorm) }

  private func hidden(_ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, padding: Int = 1) -> ConvolutionLayer {
    ConvolutionLayer(
      name: name, inputs: inputs, outputs: outputs, kernel: kernel, padding: padding, border: border, rate: spec.equalizedRate,
      role: .hidden)
  }

  private func block(_ level: Int) -> [ConvolutionLayer] {
    let (inputs, outputs) = (spec.widths[level], level == 0 ? spec.top : spec.widths[level - 1])
    guard level == 0 else {
      return [hidden("blocks.\(level).conv1", inputs, outputs), hidden("blocks.\(level).conv2", outputs, outputs)]
    }
    return [
      hidden("blocks.0.conv1", inputs + (spec.minibatchDeviation ? 1 : 0), outputs),
      hidden("blocks.0.conv2", outputs, outputs, kernel: 4, padding: 0),
    ]
  }

  private func fromRGB(_ level: Int) -> ConvolutionLayer {
    ConvolutionLayer(
      name: "from_rgb.\(level)", inputs: 3, outputs: spec.widths[level], kernel: 1, padding: 0, border: .zeros,
      rate: spec.equalizedRate,
      role: spec.fromRGBActivation && spec.equalizedRate == .weight ? .hidden : .linear)
  }

  private var head: ConvolutionLayer {
    ConvolutionLayer(
      name: "head", inputs: spec.top, outputs: 1, kernel: 1, padding: 0, border: .zeros, rate: spec.equalizedRate, role: .linear)
  }

  /// Scores `[N, 1, 1, 1]` of images `[N, 3, R, R]`, R = 4 * 2^level.
  ///
  /// - Parameter alpha: how far the level has faded in, a scalar in (0, 1]; nil when it has altogether.
  package func callAsFunction(_ image: Tensor, level: Int, alpha: Tensor?, in scope: Scope) throws(ShapeError) -> Tensor {
    var x = try block(level, features(image, level, in: scope), in: scope)
    if let alpha, level > 0 {
      let small = try features(image.apply(SumPool()).scaled(by: 0.25), level - 1, in: scope)
      x = try (1 - alpha) * small + alpha * x
    }
    for k in (0..<level).reversed() { x = try block(k, x, in: scope) }
    return try head(x, in: scope)
  }

  private func features(_ image: Tensor, _ level: Int, in scope: Scope) throws(ShapeError) -> Tensor {
    let x = try fromRGB(level)(image, in: scope)
    return spec.fromRGBActivation ? try x.mapped(.leakyReLU(spec.leak)) : x
  }

  private func block(_ level: Int, _ x: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    var x = x
    if level == 0, spec.minibatchDeviation {
      x = try MinibatchDeviation(group: spec.minibatchGroup, estimator: spec.minibatchEstimator)(x, parts: scope.parts)
    }
    for layer in block(level) { x = try activation(layer(x, in: scope)) }
    return level == 0 ? x : try x.apply(SumPool()).scaled(by: 0.25)
  }
}
