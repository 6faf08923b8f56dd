import Basics
import Evaluation
import Runs
import Spec

/// The watch rules of a run.
package struct Watch: Sendable {
  /// A rule that acts.
  package struct Firing: Equatable, Sendable {
    package let rule: WatchRuleSpec
    /// The last finished iteration.
    package let iteration: Int
    /// The first iteration of those in a row in which the condition has held.
    package let onset: Int
    /// The column's value in the last one, and as the file spells it.
    package let value: Double
    let text: String
    package let decision: WatchDecision

    /// As in `gradient_norm > 50 for 200: stop (gradient_norm is 57.3)`.
    package var description: String {
      "\(rule.when): \(decision.words) (\(rule.when.column) is \(text))"
    }
  }

  private let rules: [(rule: WatchRuleSpec, action: any WatchAction)]
  /// The columns of `evaluations.csv`, and the iterations between two of its rows.
  private let evaluated: Set<String>
  private let every: Int

  /// The rules of a checked spec.
  package init(_ spec: ExperimentSpec) {
    self.init(spec.watch, evaluated: EvaluationColumns(spec).names, every: spec.record.evaluate.every)
  }

  /// Rules over the columns of `metrics.csv`, and over the `evaluated` ones, which are measured now and then.
  package init(_ rules: [WatchRuleSpec], evaluated: [String] = [], every: Int = 1) {
    self.rules = rules.map { ($0, $0.action.make()) }
    self.evaluated = Set(evaluated)
    self.every = every
  }

  /// Asks every rule about the iteration of `row`, in the order of the spec. A rule acts in the iteration that completes its
  /// `for N`, and again only after its condition has failed in between. After a stop or a roll back no further rule acts. A rule
  /// over an evaluated column is asked only where there is an `evaluation`; its N counts these.
  package func ask(
    _ row: MeasuredRow, evaluation: MeasuredRow? = nil, _ state: inout WatchState
  ) -> [Firing] {
    var firings: [Firing] = []
    for (rule, action) in rules {
      let column = rule.when.column
      guard let measured = evaluated.contains(column) ? evaluation : row else { continue }
      guard let cell = measured.cells[Column(column)], let value = cell.number, rule.when.holds(for: value) else {
        state.counts[rule.name] = nil
        continue
      }
      let count = state.counts[rule.name, default: 0] + 1
      state.counts[rule.name] = count
      let isOver = firings.contains { [.stop, .rollBack].contains($0.decision.step) }
      guard count == rule.when.iterations, !isOver else { continue }
      let decision = action.act(on: &state, rule: rule.name)
      firings.append(
        Firing(
          rule: rule, iteration: row.iteration, onset: onset(rule, after: row.iteration, count: count), value: value,
          text: cell.field, decision: decision))
    }
    return firings
  }

  /// Whether any rule may roll back.
  package var rollsBack: Bool { rules.contains { type(of: $0.action).mayRollBack } }

  /// Whether the condition of a rule that rolls back holds, so that a loss that is not finite is in its hands. One over an evaluated
  /// column does not see such a loss.
  package func awaitsRollBack(_ state: WatchState) -> Bool {
    rules.contains {
      type(of: $0.action).mayRollBack && state.counts[$0.rule.name] != nil && !evaluated.contains($0.rule.when.column)
    }
  }

  /// For each rule that may roll back: the first iteration in which its condition holds, or may at the earliest begin to
  /// hold, seen after `iteration`.
  package func onsets(after iteration: Int, _ state: WatchState) -> [Int] {
    rules.filter { type(of: $0.action).mayRollBack }.map {
      onset($0.rule, after: iteration, count: state.counts[$0.rule.name, default: 0])
    }
  }

  /// Iterations that a rule's condition must hold in, the ones between two evaluations included.
  package var longest: Int {
    rules.map { $0.rule.when.iterations * (evaluated.contains($0.rule.when.column) ? every : 1) }.max() ?? 0
  }

  /// The first iteration of the `count` in a row, up to `iteration`, in which the condition of `rule` was found to hold; with none the
  /// one after it.
  private func onset(_ rule: WatchRuleSpec, after iteration: Int, count: Int) -> Int {
    guard evaluated.contains(rule.when.column), count > 0 else { return iteration - count + 1 }
    // Rows stand at multiples of the cadence; the schedule's last iteration, where nothing is rolled back to any more, may be between.
    let rows = iteration / every - count + 1
    return rows < 1 ? 1 : rows * every
  }
}
