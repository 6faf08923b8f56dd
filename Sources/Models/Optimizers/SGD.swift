import Foundation
import Kernels
import Spec

/// Gradient descent with momentum (Sutskever, Martens, Dahl & Hinton 2013): `v = momentum v + g`, and `w` falls by `rate v`, or by
/// `rate (g + momentum v)` in Nesterov's form.
package struct SGD: Optimizer {
  package struct Settings: Equatable, Sendable {
    package var rate: Double
    package var momentum: Double
    package var nesterov: Bool

    package init(rate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false) {
      self.rate = rate
      self.momentum = momentum
      self.nesterov = nesterov
    }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "sgd", "Gradient descent, with momentum if that is not 0 (Sutskever et al. 2013)", Settings(),
      Field("rate", \.rate, .number(.above(0, to: 1)), "Learning rate"),
      Field("momentum", \.momentum, .number(.from(0, below: 1)), "How much of the last step is kept"),
      Field("nesterov", \.nesterov, .flag, "Whether the gradient is added once more to what is kept, as Nesterov's momentum does"))
  }

  package static func rate(_ settings: Settings) -> Double { settings.rate }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func corrected(by share: Double) -> any Optimizer {
    SGD(Settings(rate: settings.rate, momentum: pow(settings.momentum, share), nesterov: settings.nesterov))
  }

  package var slots: [String] { settings.momentum == 0 ? [] : ["velocity"] }

  package func numbers(step: Int) -> [Float] { [] }

  package func kernel(counts: [Int], averages: Bool) -> Kernel {
    .sgd(SGDSettings(momentum: Float(settings.momentum), isNesterov: settings.nesterov), counts: counts, averages: averages)
  }
}
