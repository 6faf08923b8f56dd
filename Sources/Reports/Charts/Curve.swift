/// A curve: numbers at places that ascend. What is no number is a gap.
struct Curve: Equatable {
  /// A number at a place.
  struct Point: Equatable {
    let x: Double
    let y: Double
  }

  let points: [Point]

  /// The curve through these values at these places. Places that are no numbers are left out.
  init(x: [Double], y: [Double]) { points = zip(x, y).filter { $0.0.isFinite }.map { Point(x: $0, y: $1) } }

  /// At most `count` stretches of equal width over `range`, each with the mean, least and greatest of its values; nil for one that has
  /// points but no number. The least low and the greatest high are those of the curve: nothing is smoothed away. A curve that has no
  /// more than `count` points in the range keeps each.
  func buckets(_ count: Int, over range: ClosedRange<Double>) -> [Bucket?] {
    Self.stretches([self], count, over: range).map { stretch -> Bucket? in
      let points = stretch[0].filter(\.y.isFinite)
      guard let low = points.map(\.y).min(), let high = points.map(\.y).max() else { return nil }
      return Bucket(x: Self.mean(points.map(\.x)), low: low, mean: min(max(Self.mean(points.map(\.y)), low), high), high: high)
    }
  }

  /// The mean of several curves in at most `count` stretches, each with a band of one standard deviation over the curves. Where only one
  /// curve has numbers, the band has no width.
  static func together(_ curves: [Curve], _ count: Int, over range: ClosedRange<Double>, spread: ([Double]) -> Double?) -> [Bucket?]
  {
    stretches(curves, count, over: range).map { stretch -> Bucket? in
      let parts = stretch.map { points in points.filter(\.y.isFinite) }.filter { !$0.isEmpty }
      guard !parts.isEmpty else { return nil }
      let means = parts.map { points in mean(points.map(\.y)) }
      let x = mean(parts.map { points in mean(points.map(\.x)) })
      let center = mean(means)
      // Numbers at the end of what doubles hold have no deviation.
      let deviation = spread(means).flatMap { (center + $0).isFinite && (center - $0).isFinite ? $0 : nil } ?? 0
      return Bucket(x: x, low: center - deviation, mean: center, high: center + deviation)
    }
  }

  /// The points of each curve in each stretch of `range` that holds any. There is a stretch for each place while no curve has more than
  /// `count` of them and all together have few; else `count` of equal width.
  private static func stretches(_ curves: [Curve], _ count: Int, over range: ClosedRange<Double>) -> [[[Point]]] {
    let inside = curves.map { $0.points.filter { range.contains($0.x) } }
    let mayBeFine = inside.allSatisfy { $0.count <= count } || range.lowerBound == range.upperBound
    let places = mayBeFine ? Set(inside.joined().map(\.x)) : []
    let isFine = mayBeFine && (places.count <= 2 * count || range.lowerBound == range.upperBound)
    let index: (Double) -> Int
    if isFine {
      let ranks = Dictionary(uniqueKeysWithValues: places.sorted().enumerated().map { ($1, $0) })
      index = { ranks[$0]! }
    } else {
      let scale = Double(count) / (range.upperBound - range.lowerBound)
      index = { min(count - 1, Int(($0 - range.lowerBound) * scale)) }
    }
    var stretches = [[[Point]]](repeating: Array(repeating: [], count: curves.count), count: isFine ? places.count : count)
    for (number, points) in inside.enumerated() {
      for point in points { stretches[index(point.x)][number].append(point) }
    }
    return stretches.filter { stretch in stretch.contains { !$0.isEmpty } }
  }

  private static func mean(_ values: [Double]) -> Double {
    let size = Double(values.count)
    return values.reduce(0) { $0 + $1 / size }
  }
}
