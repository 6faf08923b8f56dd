import Spec

/// Asynchronous successive halving, in the form that stops (Li et al. 2020, "A system for massively parallel hyperparameter
/// tuning"): at the end of each phase, of the n trials that have come so far the best n / `reduction` go on, and at least one.
package struct ASHA: Stopper {
  package struct Settings: Equatable, Sendable {
    package var reduction: Int
    package init(reduction: Int = 4) { self.reduction = reduction }
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "asha", "At the end of each phase, a trial goes on if it is among the best of those that have come so far", Settings(),
      Field("reduction", \.reduction, .integer(2...100), "One in so many trials goes on"))
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// Equal values have equal ranks, so that a trial is not stopped for coming second with what the first had.
  package func goesOn(_ value: Double, after others: [RungReport]) -> Bool {
    let own = RungReport(value).value
    let rank = others.count { $0.value < own }
    return rank < max((others.count + 1) / settings.reduction, 1)
  }
}
