/// A curve over a range, thinned out while its rows are read: it takes the same memory however many rows there are. What is no number
/// is a gap.
package struct Curve {
  /// A number at a place.
  package struct Point: Equatable {
    package let x: Double
    package let y: Double
  }

  /// The points of one stretch as one.
  private struct Stretch {
    /// Points, and those among them that are numbers.
    var (points, numbers) = (0, 0)
    /// The means of these.
    var (x, y) = (0.0, 0.0)
    var (low, high) = (Double.infinity, -Double.infinity)

    mutating func add(_ point: Point) {
      points += 1
      guard point.y.isFinite else { return }
      numbers += 1
      // Sums of numbers at the end of what doubles hold are none; these means never leave the numbers' range.
      let (share, rest) = (1 / Double(numbers), Double(numbers - 1) / Double(numbers))
      (x, y) = (numbers == 1 ? point.x : x * rest + point.x * share, numbers == 1 ? point.y : y * rest + point.y * share)
      (low, high) = (min(low, point.y), max(high, point.y))
    }
  }

  package let range: ClosedRange<Double>
  /// The most stretches.
  package let count: Int
  /// Every point, while there are no more than stretches.
  private var points: [Point] = []
  /// Stretches of equal width once there are more.
  private var stretches: [Stretch] = []

  /// A curve without points, which will have at most `count` stretches over `range`.
  package init(over range: ClosedRange<Double>, stretches count: Int) { (self.range, self.count) = (range, count) }

  package var isEmpty: Bool { points.isEmpty && stretches.isEmpty }

  /// Adds a point; places ascend. One outside of the range is left out.
  package mutating func add(x: Double, y: Double) {
    guard range.contains(x) else { return }
    let point = Point(x: x, y: y)
    if stretches.isEmpty, points.count < count { return points.append(point) }
    if stretches.isEmpty {
      stretches = wide
      points = []
    }
    stretches[place(x)].add(point)
  }

  /// At most as many stretches as were asked for, each with the mean, least and greatest of its values; nil for one that has points but
  /// no number. The least low and the greatest high are those of the curve: nothing is smoothed away. A curve that has no more points
  /// than stretches keeps each.
  package var buckets: [Bucket?] {
    Self.together([self]).map { stretch -> Bucket? in
      let only = stretch[0]
      guard only.numbers > 0 else { return nil }
      return Bucket(x: only.x, low: only.low, mean: min(max(only.y, only.low), only.high), high: only.high)
    }
  }

  /// The mean of several curves over one range, with a band of one standard deviation over the curves. Where only one curve has numbers,
  /// the band has no width.
  package static func together(_ curves: [Curve], spread: ([Double]) -> Double?) -> [Bucket?] {
    together(curves).map { stretch -> Bucket? in
      let parts = stretch.filter { $0.numbers > 0 }
      guard !parts.isEmpty else { return nil }
      let means = parts.map(\.y)
      let center = mean(means)
      // Numbers at the end of what doubles hold have no deviation.
      let deviation = spread(means).flatMap { (center + $0).isFinite && (center - $0).isFinite ? $0 : nil } ?? 0
      return Bucket(x: mean(parts.map(\.x)), low: center - deviation, mean: center, high: center + deviation)
    }
  }

  /// The stretches that hold any point, each with that of every curve. There is one for each place while no curve has more points than
  /// stretches and all together have few places; else they are of equal width.
  private static func together(_ curves: [Curve]) -> [[Stretch]] {
    let places = Set(curves.flatMap { $0.points.map(\.x) })
    let isFine = curves.allSatisfy(\.stretches.isEmpty) && places.count <= 2 * curves[0].count
    let ranks = isFine ? Dictionary(uniqueKeysWithValues: places.sorted().enumerated().map { ($1, $0) }) : [:]
    let all = curves.map { isFine ? $0.fine(ranks) : $0.wide }
    return all[0].indices.map { place in all.map { $0[place] } }.filter { stretch in stretch.contains { $0.points > 0 } }
  }

  /// The points by the ranks of their places.
  private func fine(_ ranks: [Double: Int]) -> [Stretch] {
    var stretches = [Stretch](repeating: Stretch(), count: ranks.count)
    for point in points { stretches[ranks[point.x]!].add(point) }
    return stretches
  }

  /// The points in stretches of equal width.
  private var wide: [Stretch] {
    guard stretches.isEmpty else { return stretches }
    var stretches = [Stretch](repeating: Stretch(), count: count)
    for point in points { stretches[place(point.x)].add(point) }
    return stretches
  }

  private func place(_ x: Double) -> Int {
    let width = range.upperBound - range.lowerBound
    return width > 0 ? min(count - 1, Int((x - range.lowerBound) / width * Double(count))) : 0
  }

  private static func mean(_ values: [Double]) -> Double {
    let size = Double(values.count)
    return values.reduce(0) { $0 + $1 / size }
  }
}
