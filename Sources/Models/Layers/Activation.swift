import Graph
import Spec

/// A leaky ReLU with pixel normalisation before it, after it, or not at all.
package struct Activation: Sendable {
  package let leak: Double
  package let norm: PixelNormSpec

  package func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
    switch norm.place {
    case .beforeActivation: try PixelNorm(spec: norm)(x).mapped(.leakyReLU(leak))
    case .afterActivation: try PixelNorm(spec: norm)(x.mapped(.leakyReLU(leak)))
    case .none: try x.mapped(.leakyReLU(leak))
    }
  }
}
