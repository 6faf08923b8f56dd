import Foundation
import Kernels
import Spec

/// Steps of the gradient over the root of its mean square, epsilon outside of the root (Tieleman & Hinton 2012, lecture 6.5): with
/// `v = decay v + (1 - decay) g^2` and `b = momentum b + g / (sqrt(v) + epsilon)`, `w` falls by `rate b`. Centered, the square of the mean
/// gradient is subtracted from v below the root (Graves 2013, equation 38).
package struct RMSprop: Optimizer {
  package struct Settings: Equatable, Sendable {
    var rate = 0.01
    var decay = 0.99
    var epsilon = 1e-8
    var momentum = 0.0
    var centered = false
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "rmsprop", "Steps of the gradient over the root of its mean square (Tieleman & Hinton 2012)", Settings(),
      Field("rate", \.rate, .number(.above(0, to: 1)), "Learning rate"),
      Field("decay", \.decay, .number(.from(0, below: 1)), "How much of the mean square is kept in a step"),
      Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"),
      Field("momentum", \.momentum, .number(.from(0, below: 1)), "How much of the last step is kept"),
      Field("centered", \.centered, .flag, "Whether the deviation of the gradient divides it, and not its root mean square"))
  }

  package static func rate(_ settings: Settings) -> Double { settings.rate }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func corrected(by share: Double) -> any Optimizer {
    var settings = settings
    (settings.decay, settings.momentum) = (pow(settings.decay, share), pow(settings.momentum, share))
    return RMSprop(settings)
  }

  package var slots: [String] { ["square"] + (settings.centered ? ["mean"] : []) + (settings.momentum == 0 ? [] : ["velocity"]) }

  package func numbers(step: Int) -> [Float] { [] }

  package func kernel(counts: [Int], averages: Bool) -> Kernel {
    .rmsprop(
      RMSpropSettings(
        decay: Float(settings.decay), epsilon: Float(settings.epsilon), momentum: Float(settings.momentum),
        isCentered: settings.centered), counts: counts, averages: averages)
  }
}
