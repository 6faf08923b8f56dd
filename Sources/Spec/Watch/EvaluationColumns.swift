/// The measured columns of `evaluations.csv`.
package struct EvaluationColumns: Equatable, Sendable {
  /// In the order of the file; none where nothing is evaluated.
  package let names: [String]

  /// The columns of an experiment.
  package init(_ evaluate: EvaluateSpec, _ phases: [PhaseSpec]) {
    let highest = phases.map(\.resolution).max() ?? 0
    names = evaluate.every == 0 ? [] : evaluate.columns(resolution: highest).map(\.name)
  }

  /// The columns of an experiment.
  package init(_ spec: ExperimentSpec) { self.init(spec.record.evaluate, spec.schedule.phases) }
}
