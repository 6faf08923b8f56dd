/// The columns of `evaluations.csv`.
package struct EvaluationColumns: Equatable, Sendable {
  /// Those that say what was evaluated, in the order of the file.
  package static let places = ["iteration", "images", "phase", "resolution", "seed", "count.drawn", "count.real"]

  /// Those that hold measured numbers, in the order of the file after ``places``.
  package let names: [String]

  /// The columns of an experiment.
  package init(_ evaluate: EvaluateSpec, _ schedule: ScheduleSpec) {
    let highest = schedule.phases.map(\.resolution).max() ?? 0
    names = evaluate.every == 0 ? [] : evaluate.metrics.flatMap { $0.columns(resolution: highest) }
  }
}
