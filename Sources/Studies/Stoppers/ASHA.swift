import Spec

/// Asynchronous successive halving, in the form that stops (Li et al. 2020, "A system for massively parallel hyperparameter
/// tuning"): at the end of each phase, of the n trials that have come so far the best n / `reduction` go on, and at least one.
package struct ASHA: Stopper {
  package static let declaration = MethodDeclaration(
    name: "asha", doc: "At the end of each phase, a trial goes on if it is among the best of those that have come so far",
    settings: [
      MethodSetting(key: "reduction", doc: "One in so many trials goes on", range: 2...100, default: 4)
    ], needsObjective: true)

  private let reduction: Int

  package init(_ settings: MethodSpec) { reduction = settings["reduction"] }

  /// Equal values have equal ranks, so that a trial is not stopped for coming second with what the first had.
  package func goesOn(_ value: Double, after others: [RungReport]) -> Bool {
    let own = RungReport(value).value
    let rank = others.count { $0.value < own }
    return rank < max((others.count + 1) / reduction, 1)
  }
}
