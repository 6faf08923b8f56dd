/// Measurements of the same thing, as one number from each repeat.
///
///     let sample = Sample([36.8, 35.1, 38.5])!
///     sample.mean                     // 36.8
///     sample.standardDeviation        // 1.7
///     sample.interval95               // 32.6...41.0
package struct Sample: Equatable, Sendable {
  /// At least one, all finite.
  package let values: [Double]

  /// A sample of these values; nil when there are none or one of them is not finite, so that no statistic is made of such.
  package init?(_ values: [Double]) {
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    self.values = values
  }

  package var count: Int { values.count }

  /// The arithmetic mean. What rounding lost in the sum is given back by a second pass.
  package var mean: Double {
    let first = values.reduce(0, +) / Double(count)
    return first + values.reduce(0) { $0 + ($1 - first) } / Double(count)
  }

  /// The standard deviation of the population that the values come from (divided by n - 1); nil below two values.
  package var standardDeviation: Double? {
    guard count > 1 else { return nil }
    let mean = mean
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }

  /// Where the true mean lies with a confidence of 95%, if the values are normally distributed: Student's t interval,
  /// mean ± t(0.975, n - 1) s / √n. Nil below two values, since one says nothing of the
  /// spread, and when the values are too large to add up.
  package var interval95: ClosedRange<Double>? {
    guard let standardDeviation else { return nil }
    let reach =
      StudentT(degreesOfFreedom: Double(count - 1)).quantile(twoSided: 0.05) * standardDeviation / Double(count).squareRoot()
    let (low, high) = (mean - reach, mean + reach)
    return low.isFinite && high.isFinite ? low...high : nil
  }
}
