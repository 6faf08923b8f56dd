import Graph
import Kernels
import Spec

/// A convolution with bias and equalized learning rate.
///
/// `input` (the icon GAN): Kaiming's deviation sqrt(2 / fan in) for the weights, and the input multiplied by
/// sqrt(2 / channels); layers that read or write RGB and the head are left plain, PyTorch's default uniform draw.
/// `weight` (Karras et al. 2018, section 4.1): N(0, 1) weights multiplied by gain / sqrt(fan in), zero biases, every layer.
package struct ConvolutionLayer: Sendable {
  /// What a layer is for, which decides its draw and its gain.
  package enum Role: Sendable {
    /// Followed by a leaky ReLU: gain sqrt(2).
    case hidden
    /// Followed by nothing: gain 1.
    case linear
    /// Dense, from a latent vector to the 4x4 grid: gain sqrt(2) / 4 (Karras et al. 2018, their implementation).
    case latent
  }

  package let name: String
  package let inputs: Int
  package let outputs: Int
  package let kernel: Int
  package let padding: Int
  package let border: Border
  package let rate: EqualizedRate
  package let role: Role

  private var fanIn: Double { Double(inputs * (role == .latent ? 1 : kernel * kernel)) }

  private var weightInitializer: Variable.Initializer {
    switch (rate, role) {
    case (.weight, _): .normal(deviation: 1)
    case (_, .linear): .uniform(bound: 1 / fanIn.squareRoot())
    default: .normal(deviation: (2 / fanIn).squareRoot())
    }
  }

  private var biasInitializer: Variable.Initializer {
    rate == .weight ? .constant(0) : .uniform(bound: 1 / fanIn.squareRoot())
  }

  /// The factor on the convolution's result, which being linear may stand there as well as on its input or weights.
  private var scale: Double {
    switch (rate, role) {
    case (.input, .linear), (.none, _): 1
    case (.input, _): (2 / Double(inputs)).squareRoot()
    case (.weight, .hidden): (2 / fanIn).squareRoot()
    case (.weight, .linear): (1 / fanIn).squareRoot()
    case (.weight, .latent): (2 / fanIn).squareRoot() / 4
    }
  }

  /// `[N, inputs, H, W]` to `[N, outputs, H', W']`.
  package func callAsFunction(_ x: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    let extents = ConvolutionShape(
      batch: x.shape[0], inputs: inputs, outputs: outputs, height: x.shape[2], width: x.shape[3], filterHeight: kernel,
      filterWidth: kernel, padding: padding, border: border)
    let weight = try scope.weight("\(name).weight", [outputs, inputs, kernel, kernel], weightInitializer)
    let bias = try scope.weight("\(name).bias", [outputs], biasInitializer)
    let convolved = try scope.graph.add(Convolution(extents), [x, weight]).scaled(by: scale)
    return try convolved + bias.reshaped([1, outputs, 1, 1])
  }
}
