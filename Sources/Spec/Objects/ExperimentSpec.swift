/// One experiment, fully resolved: what `spec.yaml` in a run directory says.
///
///     let spec = try ExperimentSpec.read(
///       path: "experiments/quickstart.yaml", overrides: ["seed=3"], language: .experiments, checkingFiles: false)
///     spec.seed                       // 3
///     spec.schedule.phases.count      // 4
///     spec.yaml                       // the same experiment with every default written out
package struct ExperimentSpec: Equatable, Sendable {
  /// Of the language.
  static let version = 2

  package var name: String
  package var seed: UInt64 = 0
  package var data: DataSpec
  package var generator: GeneratorSpec
  package var discriminator: DiscriminatorSpec
  package var schedule: ScheduleSpec
  package var optimizer: OptimizerSpec
  package var loss: LossSpec
  package var record = RecordSpec()
  package var watch: [WatchRuleSpec] = []
}
