import Basics

/// The columns of `evaluations.csv`.
package struct EvaluationColumns: Equatable, Sendable {
  /// What was evaluated: the first columns of the file.
  package static let places = [
    Column.iteration.meaning("The iteration after which was measured"), .images, .phase,
    .resolution.meaning("The side at which images are compared"), .seed, .drawn, .real,
  ]

  /// What is measured, in the order of the file; none where nothing is evaluated.
  package let measured: [Column]

  package var names: [String] { measured.map(\.name) }
  /// All columns, in the order of the file; none where there is no such file.
  package var all: [Column] { measured.isEmpty ? [] : Self.places + measured }

  /// The columns of an experiment.
  package init(_ evaluate: EvaluateSpec, _ phases: [PhaseSpec]) {
    let highest = phases.map(\.resolution).max() ?? 0
    measured = evaluate.every == 0 ? [] : evaluate.columns(resolution: highest).map(\.column)
  }

  /// The columns of an experiment.
  package init(_ spec: ExperimentSpec) { self.init(spec.record.evaluate, spec.schedule.phases) }
}

extension Column {
  package static let drawn = Column("count.drawn", .count, "Images that were drawn")
  package static let real = Column("count.real", .count, "Training images that they could be compared with")
}
