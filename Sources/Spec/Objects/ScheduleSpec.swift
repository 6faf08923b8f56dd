/// `schedule`: what is trained when.
package struct ScheduleSpec: Equatable, Sendable {
  /// Which network is updated first in an iteration.
  package enum Order: String, CaseIterable, Sendable {
    case generatorFirst = "generator_first"
    case discriminatorFirst = "discriminator_first"
  }

  package var batch: Int
  package var order = Order.generatorFirst
  /// Steps of the discriminator in an iteration, each with other images.
  package var criticSteps = 1
  /// Whether real images fade from their half-resolution version together with the networks.
  package var blendReals = false
  package var phases: [PhaseSpec]
}

/// One phase: first a fade of `fade` iterations, then a hold of `hold`.
package struct PhaseSpec: Equatable, Sendable {
  package var resolution: Int
  /// Iterations (already converted when the spec gave `kimg`).
  package var fade = 0
  package var hold = 0
  /// Images a batch in this phase, when it differs from the schedule's.
  package var batch: Int?
}

extension ScheduleSpec {
  /// Images that are shown in an iteration of `phase`.
  package func images(_ phase: PhaseSpec?) -> Int { (phase?.batch ?? batch) * criticSteps }
}
