/// `record`: what a run writes and how often, in iterations.
package struct RecordSpec: Equatable, Sendable {
  package var metrics = 10
  package var samples = SamplesSpec()
  package var checkpoints = CheckpointsSpec()
  package var evaluate = EvaluateSpec()
}

/// `record.samples`: the grids of generated images.
package struct SamplesSpec: Equatable, Sendable {
  package var every = 500
  /// Fixed latents, shown above as many fresh ones.
  package var count = 16
}

/// `record.checkpoints`.
package struct CheckpointsSpec: Equatable, Sendable {
  package var every = 2500
  /// How many of the newest stay.
  package var keep = 2
  /// Whether each phase leaves one.
  package var phases = false
  package var best: BestSpec?
}

/// `record.checkpoints.best`: a checkpoint that stays for its value of a column.
package struct BestSpec: Equatable, Sendable {
  /// Which values are better.
  package enum Order: String, CaseIterable, Sendable { case min, max }

  /// A column of `metrics.csv` or `evaluations.csv`.
  package var column: String
  package var order = Order.min
}
