import Basics

/// `phases.csv`: a row per finished phase.
package typealias PhasesCSV = RowLog<PhaseRow>

/// One row of `phases.csv`.
package struct PhaseRow: CSVRow, Equatable {
  /// From 1.
  package let phase: Int
  package let resolution: Int
  /// Iterations of the fade and of the hold after it.
  package let fade: Int
  package let hold: Int
  package let firstIteration: Int
  package let lastIteration: Int
  /// Real images shown in this phase.
  package let images: Int
  /// The phase's time, when it was measured from its beginning to its end.
  package let seconds: Double?

  /// The row of a phase that just ended.
  package init(
    phase: Int, resolution: Int, fade: Int, hold: Int, firstIteration: Int, lastIteration: Int, images: Int, seconds: Double?
  ) {
    (self.phase, self.resolution, self.fade, self.hold) = (phase, resolution, fade, hold)
    (self.firstIteration, self.lastIteration) = (firstIteration, lastIteration)
    (self.images, self.seconds) = (images, seconds)
  }

  package static let columns = [
    "phase", "resolution", "fade", "hold", "first_iteration", "last_iteration", "images", "seconds",
  ]

  package var cells: [CSVCell] {
    [phase, resolution, fade, hold, firstIteration, lastIteration, images].map { .integer($0) } + [.optional(seconds)]
  }
}
