import Graph
import Spec

/// Divides every pixel's channels by their root mean square: `x / (sqrt(mean(x^2)) + e)`, or with `e` inside the root
/// (Karras et al. 2018, section 4.2).
package struct PixelNorm: Sendable {
  package let spec: PixelNormSpec

  package func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
    let mean = try x.squared().mean(to: x.shape.replacing(1, with: 1))
    let norm =
      switch spec.form {
      case .epsilonOutside: try mean.squareRoot() + spec.epsilon
      case .epsilonInside: try (mean + spec.epsilon).squareRoot()
      }
    return try x * norm.reciprocal()
  }
}
