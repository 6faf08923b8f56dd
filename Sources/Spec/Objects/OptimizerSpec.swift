/// `optimizer`: Adam for both networks, with overrides and rate drops.
package struct OptimizerSpec: Equatable, Sendable {
  /// When Adam's moments and counts are cleared.
  package enum Reset: String, CaseIterable, Sendable {
    case never
    /// When a phase begins and when its fade ends.
    case phase
  }

  /// What the spec says for both networks; ``generator`` and ``discriminator`` are what counts.
  package var adam = AdamSpec()
  package var generator: AdamSpec
  package var discriminator: AdamSpec
  package var reset = Reset.never
  package var drops: [RateDropSpec] = []
}

/// Adam's settings (Kingma & Ba 2015, algorithm 1).
package struct AdamSpec: Equatable, Sendable {
  package var rate = 5e-4
  package var beta1 = 0.0
  package var beta2 = 0.99
  package var epsilon = 1e-8
}

/// From iteration `after` + 1 of the phase at `resolution` on, the rate is `rate`.
package struct RateDropSpec: Equatable, Sendable {
  package var resolution: Int
  package var after: Int
  package var rate: Double
}
