import Graph
import Spec

/// `x / (sqrt(mean(x^2)) + epsilon)` or `x / sqrt(mean(x^2) + epsilon)`, the mean over channels.
package enum PixelNormForm: String, CaseIterable, Sendable {
  case epsilonOutside = "epsilon_outside"
  case epsilonInside = "epsilon_inside"
}

/// Divides every pixel's channels by their root mean square (Karras et al. 2018, section 4.2).
package struct PixelNorm: Layer {
  package struct Settings: Equatable, Sendable {
    package var form = PixelNormForm.epsilonInside
    package var epsilon = 1e-8
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "pixel_norm", "Divides each pixel's channels by their root mean square (Karras et al. 2018)", Settings(),
      Field("form", \.form, .choice, "x / (sqrt(mean(x^2)) + epsilon), or x / sqrt(mean(x^2) + epsilon)"),
      Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"))
  }

  package static let isTransparent = true

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor { try self(x) }

  package func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
    let mean = try x.squared().mean(to: x.shape.replacing(1, with: 1))
    let norm =
      switch settings.form {
      case .epsilonOutside: try mean.squareRoot() + settings.epsilon
      case .epsilonInside: try (mean + settings.epsilon).squareRoot()
      }
    return try x * norm.reciprocal()
  }
}
