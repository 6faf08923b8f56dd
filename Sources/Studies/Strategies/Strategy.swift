import Spec

/// A way to choose the values of trials.
package protocol Strategy: SearchDeclaration {
  /// The strategy with these settings over these parameters.
  init(_ settings: Settings, _ parameters: [ParameterSpec])

  /// What all of its points come from; nil when none is drawn.
  var seed: UInt64? { get }

  /// How many points there are: no more than the space has.
  var count: Int { get }

  /// The points that are known before any has been tried, from the first on.
  var planned: [Point] { get }

  /// The point `number`, counted from 1, which is none of `earlier`. Only an adaptive strategy looks at how those went.
  func point(_ number: Int, after earlier: [Observation]) -> Point
}

/// A place in the space of a sweep: a coordinate for each parameter, which is the number of a choice, or the value itself.
package struct Point: Equatable, Hashable, Sendable {
  package var coordinates: [Double]

  /// The point with these coordinates.
  package init(_ coordinates: [Double]) { self.coordinates = coordinates }
}

/// What is known of a point.
package struct Observation: Equatable, Sendable {
  /// Its outcome so far.
  package enum Outcome: Equatable, Sendable {
    /// Done, with this value; low is good.
    case value(Double)
    /// Ended early after this many iterations, with this value.
    case stopped(after: Int, Double)
    case running
    case failed
  }

  package let point: Point
  package let outcome: Outcome

  /// A point with this outcome.
  package init(_ point: Point, _ outcome: Outcome) { (self.point, self.outcome) = (point, outcome) }
}
