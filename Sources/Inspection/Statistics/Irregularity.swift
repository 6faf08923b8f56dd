/// How far each image of a set lies from the others in its ``ImageMeasures``.
///
/// Each measure becomes a modified z-score (Iglewicz & Hoaglin 1993, "How to detect and handle outliers"): `0.6745 (x - median) /
/// MAD`, MAD being the median of `|x - median|`, neither of which a few strange images can move. The irregularity is the root of
/// the mean of the squared scores; the measure with the largest score names the reason.
package struct Irregularity: Equatable, Sendable {
  /// The root mean square of the scores: about 1 for an image like the others.
  package let value: Double
  /// The measure that lies farthest off.
  package let measure: String
  /// Its score; negative: less of it than the others.
  package let score: Double

  /// The irregularity of each image of a set with these measures, in their order.
  package static func of(_ set: [ImageMeasures]) -> [Irregularity] {
    guard !set.isEmpty else { return [] }
    let scales = ImageMeasures.kinds.map { kind in
      let values = set.map(kind.value)
      let center = median(values)
      let spread = median(values.map { abs($0 - center) }) / normalQuartile
      return (center: center, spread: max(spread, kind.leastSpread))
    }
    return set.map { measures in
      let scores = zip(ImageMeasures.kinds, scales).map { ($0.value(measures) - $1.center) / $1.spread }
      let farthest = scores.indices.max { abs(scores[$0]) < abs(scores[$1]) }!
      let mean = scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)
      return Irregularity(value: mean.squareRoot(), measure: ImageMeasures.kinds[farthest].name, score: scores[farthest])
    }
  }

  /// The median of the distance from the middle, for a normal distribution of deviation 1.
  private static let normalQuartile = 0.6745

  /// The middle of the values, the mean of the two middle ones if their number is even.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
