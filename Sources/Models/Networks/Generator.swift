import Graph
import Kernels
import Spec

/// The generator: a block of two convolutions at 4x4, one more for each doubling, and at each resolution a layer to RGB.
package struct Generator: Sendable {
  package let spec: GeneratorSpec

  package init(_ spec: GeneratorSpec) { self.spec = spec }

  /// The shape of `count` latents.
  package func latentShape(count: Int) -> Shape {
    switch spec.latentForm {
    case .grid: [count, spec.latent, 4, 4]
    case .vector: [count, spec.latent, 1, 1]
    }
  }

  private var border: Border { spec.padding == .reflect ? .reflect : .zeros }
  private var activation: Activation { Activation(leak: spec.leak, norm: spec.pixelNorm) }

  private func hidden(_ name: String, _ inputs: Int, _ outputs: Int) -> ConvolutionLayer {
    ConvolutionLayer(
      name: name, inputs: inputs, outputs: outputs, kernel: 3, padding: 1, border: border, rate: spec.equalizedRate, role: .hidden)
  }

  private func block(_ level: Int) -> [ConvolutionLayer] {
    let (inputs, outputs) = (level == 0 ? spec.latent : spec.widths[level - 1], spec.widths[level])
    let first =
      level == 0 && spec.latentForm == .vector
      // A dense layer to 4x4: one pixel, surrounded by zeros, under a 4x4 filter.
      ? ConvolutionLayer(
        name: "blocks.0.conv1", inputs: inputs, outputs: outputs, kernel: 4, padding: 3, border: .zeros, rate: spec.equalizedRate,
        role: .latent)
      : hidden("blocks.\(level).conv1", inputs, outputs)
    return [first, hidden("blocks.\(level).conv2", outputs, outputs)]
  }

  private func toRGB(_ level: Int) -> ConvolutionLayer {
    ConvolutionLayer(
      name: "to_rgb.\(level)", inputs: spec.widths[level], outputs: 3, kernel: 1, padding: 0, border: .zeros,
      rate: spec.equalizedRate,
      role: .linear)
  }

  /// Images `[N, 3, R, R]`, R = 4 * 2^level, from latents.
  ///
  /// - Parameter alpha: how far the level has faded in, a scalar in (0, 1]; nil when it has altogether.
  package func callAsFunction(_ latent: Tensor, level: Int, alpha: Tensor?, in scope: Scope) throws(ShapeError) -> Tensor {
    var x = spec.latentNorm ? try PixelNorm(form: .epsilonInside, epsilon: 1e-8)(latent) : latent
    var below = x
    for k in 0...level {
      below = x
      if k > 0 { x = try x.apply(UpsampleNearest()) }
      for layer in block(k) { x = try activation(layer(x, in: scope)) }
    }
    var image = try toRGB(level)(x, in: scope)
    if let alpha, level > 0 {
      let small = try toRGB(level - 1)(below, in: scope).apply(UpsampleNearest())
      image = try (1 - alpha) * small + alpha * image
    }
    return switch spec.output {
    case .sigmoid: try image.mapped(.sigmoid)
    case .tanh: try image.mapped(.tanh)
    case .linear: image
    }
  }
}
