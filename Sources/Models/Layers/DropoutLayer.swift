import Graph
import Spec

/// While training, sets numbers to 0 with a probability and divides the others by what is left of 1 (Srivastava et al. 2014); drawing passes
/// them on.
package struct DropoutLayer: Layer {
  package struct Settings: Equatable, Sendable { package var rate = 0.5 }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "dropout", "Sets random numbers to 0 while training (Srivastava et al. 2014)", Settings(),
      Field("rate", \.rate, .number(.from(0, below: 1)), "The probability of each number"))
  }

  package static let isTransparent = true
  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features { x }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    guard case .training = site.scope.mode, settings.rate > 0 else { return x }
    return try x * site.scope.random(site.name, x.shape, .dropout(settings.rate))
  }
}
