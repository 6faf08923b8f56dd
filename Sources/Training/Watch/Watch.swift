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
    /// The column's value in the last one.
    package let value: Double
    package let decision: WatchDecision

    /// As in `gradient_norm > 50 for 200: stop (gradient_norm is 57.3)`.
    package var description: String {
      "\(rule.when): \(decision.words) (\(rule.when.column) is \(MetricsRow.spelled(value, rule.when.column)))"
    }
  }

  private let rules: [(rule: WatchRuleSpec, action: any WatchAction)]

  /// The rules of a checked spec.
  package init(_ rules: [WatchRuleSpec]) { self.rules = rules.map { ($0, WatchActionCatalog.action(of: $0)) } }

  /// Asks every rule about the iteration of `row`, in the order of the spec. A rule acts in the iteration that completes its
  /// `for N`, and again only after its condition has failed in between. After a stop or a roll back no further rule acts.
  package func ask(_ row: MetricsRow, terms: [String], _ state: inout WatchState) -> [Firing] {
    guard !rules.isEmpty else { return [] }
    let values = Dictionary(uniqueKeysWithValues: row.values(terms: terms).map { ($0.column, $0.value) })
    var firings: [Firing] = []
    for (rule, action) in rules {
      guard let value = values[rule.when.column] else { preconditionFailure("there is no column \(rule.when.column)") }
      guard let value, rule.when.holds(for: value) else {
        state.counts[rule.name] = nil
        continue
      }
      let count = state.counts[rule.name, default: 0] + 1
      state.counts[rule.name] = count
      let isOver = firings.contains { [.stop, .rollBack].contains($0.decision.step) }
      guard count == rule.when.iterations, !isOver else { continue }
      let decision = action.act(on: &state)
      firings.append(
        Firing(rule: rule, iteration: row.iteration, onset: row.iteration - count + 1, value: value, decision: decision))
    }
    return firings
  }

  /// Whether any rule may roll back.
  package var rollsBack: Bool { rules.contains { $0.rule.action == .rollBack } }

  /// Whether the condition of a rule that rolls back holds, so that a loss that is not finite is in its hands.
  package func awaitsRollBack(_ state: WatchState) -> Bool {
    rules.contains { $0.rule.action == .rollBack && state.counts[$0.rule.name] != nil }
  }

  /// For each rule that may roll back: the first iteration in which its condition holds, or may at the earliest begin to
  /// hold, seen after `iteration`.
  package func onsets(after iteration: Int, _ state: WatchState) -> [Int] {
    rules.filter { $0.rule.action == .rollBack }.map { iteration + 1 - state.counts[$0.rule.name, default: 0] }
  }
}
