import Foundation
import Kernels
import Spec

/// Adam (Kingma & Ba 2015, algorithm 1), epsilon outside of the root. Its first moment is kept only where beta1 is not 0.
package struct Adam: Optimizer {
  package struct Settings: Equatable, Sendable {
    package var rate: Double
    package var beta1: Double
    package var beta2: Double
    package var epsilon: Double

    package init(rate: Double = 5e-4, beta1: Double = 0, beta2: Double = 0.99, epsilon: Double = 1e-8) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }

    /// The same with its decays to the power `share`.
    func corrected(by share: Double) -> Settings {
      Settings(rate: rate, beta1: pow(beta1, share), beta2: pow(beta2, share), epsilon: epsilon)
    }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "adam", "Adam, which divides by the root of the mean square of the gradients (Kingma & Ba 2015)", Settings(),
      fields: fields(\.self), [])
  }

  /// The settings of an optimizer that has Adam's in it.
  static func fields<Root>(_ adam: WritableKeyPath<Root, Settings>) -> [Field<Root>] {
    [
      Field("rate", adam.appending(path: \.rate), .number(.above(0, to: 1)), "Learning rate"),
      Field("beta1", adam.appending(path: \.beta1), .number(.from(0, below: 1)), "Decay of the mean of the gradients"),
      Field("beta2", adam.appending(path: \.beta2), .number(.from(0, below: 1)), "Decay of the mean of their squares"),
      Field("epsilon", adam.appending(path: \.epsilon), .number(.above(0, to: 1)), "Keeps the division away from zero"),
    ]
  }

  package static func rate(_ settings: Settings) -> Double { settings.rate }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func corrected(by share: Double) -> any Optimizer {
    Adam(settings.corrected(by: share))
  }

  var constants: AdamSettings {
    AdamSettings(beta1: Float(settings.beta1), beta2: Float(settings.beta2), epsilon: Float(settings.epsilon))
  }

  package var slots: [String] { constants.hasFirstMoment ? ["moment1", "moment2"] : ["moment2"] }

  package func numbers(step: Int) -> [Float] {
    [Float(1 - pow(settings.beta1, Double(step))), Float(1 - pow(settings.beta2, Double(step)))]
  }

  package func kernel(counts: [Int], averages: Bool) -> Kernel { .adam(constants, counts: counts, averages: averages) }
}
