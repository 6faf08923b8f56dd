import Basics

/// Which columns of its files a run of an experiment will have numbers in, and in which phases.
package struct MeasuredColumns: Sendable {
  /// Why a run never has a number in a column.
  package enum Obstacle: Equatable, Sendable {
    /// There is no such column.
    case unknown(note: String?, suggestion: String?)
    /// There is and stays empty, or there would be under another spec.
    case unmeasured(isColumn: Bool, because: String, note: String)
  }

  private let metrics: MetricsColumns
  private let record: RecordSpec
  private let phases: [PhaseSpec]
  private let measures: Catalog

  /// The columns of an experiment whose settings were read without mistakes.
  package init(_ spec: ExperimentSpec, _ language: Language) {
    metrics = MetricsColumns(spec)
    record = spec.record
    phases = spec.schedule.phases
    measures = language.measures
  }

  /// What keeps `column` without numbers; nil when a finished run has some, its last one in the last phase.
  package func obstacle(to column: String) -> Obstacle? {
    if metrics.names.contains(column) { return nil }
    guard let (metric, side) = measure(of: column) else { return unknown(column) }
    let evaluate = record.evaluate
    var (reasons, notes) = ([String](), [String]())
    if evaluate.every == 0 {
      reasons.append("record.evaluate.every is 0")
      notes.append("say how often images are evaluated, as in record.evaluate.every: 2500")
    }
    if !evaluate.metrics.contains(where: { $0.key == metric }) {
      let list = (evaluate.metrics.map(\.key) + [metric]).joined(separator: ", ")
      reasons.append("record.evaluate.metrics does not list \(metric)")
      notes.append("record.evaluate.metrics: [\(list)]")
    }
    if side > highest {
      reasons.append("it needs images of \(side)x\(side), but the phases end at \(highest)x\(highest)")
      let others = evaluate.every == 0 ? [] : evaluate.columns(resolution: highest)
      let instead = others.first { $0.smallestSide <= highest }?.name ?? "loss.discriminator"
      notes.append("add phases up to \(side)x\(side), or take a column that is measured below, as \(instead)")
    }
    guard !reasons.isEmpty else { return nil }
    return .unmeasured(
      isColumn: EvaluationColumns(evaluate, phases).names.contains(column), because: reasons.joined(separator: ", and "),
      note: notes.joined(separator: "; "))
  }

  /// Whether a run has a number in `column` among the rows of the phase number `index`, counted from 0, when that ends.
  package func isMeasured(_ column: String, inPhase index: Int) -> Bool {
    let phase = phases[index]
    if metrics.names.contains(column) {
      let before = phases[..<index].reduce(0) { $0 + $1.fade + $1.hold }
      let last = before + phase.fade + phase.hold
      return last / record.metrics > before / record.metrics
    }
    // Each phase ends with an evaluation, however long record.evaluate.every is.
    guard let (metric, side) = measure(of: column), record.evaluate.every > 0 else { return false }
    return record.evaluate.metrics.contains { $0.key == metric } && side <= phase.resolution
  }

  private var highest: Int { phases.map(\.resolution).max() ?? 0 }

  /// The key of the measure that has `column`, and the side in pixels of the smallest images with a number there.
  private func measure(of column: String) -> (key: String, side: Int)? {
    for choice in record.evaluate.metrics + measures.choices {
      let columns = choice.columns(resolution: SpecLimits.resolutions.upperBound)
      if let column = columns.first(where: { $0.name == column }) { return (choice.key, column.smallestSide) }
    }
    return nil
  }

  private func unknown(_ column: String) -> Obstacle {
    let evaluated = EvaluationColumns(record.evaluate, phases).names
    let suggestion = metrics.suggestion(for: column) ?? EditDistance.closest(to: column, among: evaluated)
    let names = (metrics.names + evaluated).joined(separator: ", ")
    return .unknown(note: suggestion == nil ? "the columns are \(names)" : nil, suggestion: suggestion)
  }
}
