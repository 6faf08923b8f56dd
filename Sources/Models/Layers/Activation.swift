import Graph
import Spec

/// A leaky ReLU with pixel normalization before it, after it, or not at all.
package struct Activation: Sendable {
  package let leak: Double
  package let norm: PixelNormSpec

  private var pixelNorm: PixelNorm { PixelNorm(form: norm.form, epsilon: norm.epsilon) }

  package func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
    switch norm.place {
    case .beforeActivation: try pixelNorm(x).mapped(.leakyReLU(leak))
    case .afterActivation: try pixelNorm(x.mapped(.leakyReLU(leak)))
    case .none: try x.mapped(.leakyReLU(leak))
    }
  }
}
