import Foundation

/// One direction of a chart: which numbers it shows, and where.
package struct Axis: Equatable {
  /// How distances and numbers go together.
  package enum Kind: Sendable { case linear, logarithmic }

  package let kind: Kind
  /// The numbers at its ends.
  package let range: ClosedRange<Double>
  /// The places of its ends; the first may lie behind the second, as on an axis that goes up.
  package let start: Double
  package let end: Double

  /// An axis from `start` to `end` that shows all of `values` with a little room around them; nil when none of them is a
  /// number of reasonable size. One over
  /// which the values spread over many powers of ten is logarithmic when `mayBeLogarithmic`.
  package init?(showing values: [Double], from start: Double, to end: Double, mayBeLogarithmic: Bool = false, margin: Double = 0.04)
  {
    let finite = values.filter { abs($0) < Self.largest }
    guard let low = finite.min(), let high = finite.max() else { return nil }
    self.start = start
    self.end = end
    if mayBeLogarithmic, low > 1 / Self.largest, high / low >= Self.widestLinear {
      kind = .logarithmic
      let room = pow(high / low, margin)
      range = low / room...high * room
    } else {
      kind = .linear
      // One number alone stands in the middle.
      let isWide = high - low > max(max(abs(low), abs(high)) * 1e-9, 1 / Self.largest)
      let room = isWide ? (high - low) * margin : max(abs(high) * 0.1, 1e-6)
      range = low - room...high + room
    }
  }

  /// A linear axis with exactly these ends.
  package init(_ range: ClosedRange<Double>, from start: Double, to end: Double) {
    kind = .linear
    self.range = range
    self.start = start
    self.end = end
  }

  /// Values that spread more than so many times are better seen on a logarithmic axis.
  private static let widestLinear = 10.0

  /// Differences and quotients of numbers below this one are finite.
  package static let largest = 1e100

  /// The position of `value`; beyond the ends if it is out of the range.
  package func place(_ value: Double) -> Double {
    let share =
      switch kind {
      case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      case .logarithmic: log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
      }
    return start + share * (end - start)
  }

  /// Round numbers on the axis with their places and labels, about `count` of them.
  package func ticks(atMost count: Int) -> [(place: Double, label: String)] {
    switch kind {
    case .linear:
      let (values, step) = Ticks.linear(range, atMost: count)
      return values.map { (place($0), NumberText.tick($0, step: step)) }
    case .logarithmic:
      return Ticks.logarithmic(range, atMost: count).map { (place($0), NumberText.short($0)) }
    }
  }
}
