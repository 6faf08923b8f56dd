import Foundation
import Kernels
import Spec

/// Adam whose weights shrink by `rate weight_decay w` beside each step (Loshchilov & Hutter 2019, algorithm 2).
package struct AdamW: Optimizer {
  package struct Settings: Equatable, Sendable {
    var adam = Adam.Settings()
    var weightDecay = 0.01
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "adamw", "Adam whose weights shrink beside each step (Loshchilov & Hutter 2019)", Settings(), fields: Adam.fields(\.adam),
      [Field("weight_decay", \.weightDecay, .number(.atLeast(0)), "The share of the rate that weights shrink by")])
  }

  package static func rate(_ settings: Settings) -> Double { settings.adam.rate }

  private let settings: Settings
  private let adam: Adam

  package init(_ settings: Settings) { (self.settings, adam) = (settings, Adam(settings.adam)) }

  package func corrected(by share: Double) -> any Optimizer {
    AdamW(Settings(adam: settings.adam.corrected(by: share), weightDecay: settings.weightDecay))
  }

  package var slots: [String] { adam.slots }

  package func numbers(step: Int) -> [Float] { adam.numbers(step: step) }

  package func kernel(counts: [Int], averages: Bool) -> Kernel {
    var constants = adam.constants
    constants.weightDecay = Float(settings.weightDecay)
    return .adam(constants, counts: counts, averages: averages)
  }
}
