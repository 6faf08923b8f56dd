import Spec

/// A rule that ends trials early, asked when a trial reaches the end of a phase.
package protocol Stopper: Plugin {
  /// Whether a trial that has `value` at the end of a phase continues; low is good, and what is not a number is worst.
  /// - Parameter others: what other trials reported at the end of their phase of the same resolution, before this one.
  func goesOn(_ value: Double, after others: [RungReport]) -> Bool
}

/// The value of a trial at the end of a phase.
package struct RungReport: Equatable, Sendable {
  /// Low is good.
  package let value: Double
  /// Whether the trial has finished since.
  package let isFinished: Bool

  /// A trial that had `value`.
  package init(_ value: Double, isFinished: Bool = false) {
    self.value = value.isNaN ? .infinity : value
    self.isFinished = isFinished
  }
}
