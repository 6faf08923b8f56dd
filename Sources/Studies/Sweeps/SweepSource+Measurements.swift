import Basics
import Spec
import Training

extension SweepSource {
  /// What keeps the trials of `experiment` from being compared: an objective that is never measured, or never where the stopping
  /// rule is asked. Nil when nothing does.
  func measurementMistake(in experiment: ExperimentSpec, file: String) -> Diagnostic? {
    guard let objective = sweep.objective else { return nil }
    let (metric, measured) = (objective.metric, MeasuredColumns(experiment, .fadein))
    let subject = "objective.metric is '\(metric.shortened)', which is"
    switch measured.obstacle(to: metric) {
    case .unknown(let note, let suggestion):
      return Diagnostic("\(subject) no column of a run", file: file, note: note, suggestion: suggestion)
    case .unmeasured(let isColumn, let reason, let note):
      let what = isColumn ? "never measured" : "no column of a run"
      return Diagnostic("\(subject) \(what): \(reason)", file: file, note: note)
    case nil: break
    }
    guard let stopping = sweep.stopping else { return nil }
    let rungs = Schedule(experiment).phases.dropLast()
    let rule = "stopping.\(stopping.key) is asked at the ends of all phases but the last"
    guard !rungs.isEmpty else {
      return Diagnostic("\(rule), and there is one phase only", file: file, note: "leave out stopping, or add phases")
    }
    guard !rungs.contains(where: { measured.isMeasured(metric, inPhase: $0.number - 1) }) else { return nil }
    let sides = rungs.map { "\($0.resolution)x\($0.resolution)" }.joined(separator: ", ")
    return Diagnostic(
      "\(rule), and '\(metric)' is measured in none of those (\(sides))", file: file,
      note: MetricsColumns(experiment).names.contains(metric)
        ? "record.metrics is \(experiment.record.metrics): a row at least in each phase needs fewer iterations between two"
        : "take a column that is measured there, as nearest, or leave out stopping")
  }
}
