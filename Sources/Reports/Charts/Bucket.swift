/// Neighbouring values of a curve as one: how far they reach, and their mean.
struct Bucket: Equatable {
  /// The mean place of the values.
  let x: Double
  let low: Double
  let mean: Double
  let high: Double
}

/// A curve: numbers at places that ascend. What is no number is a gap.
struct Curve: Equatable {
  let points: [(x: Double, y: Double)]

  /// The curve through these values at these places. Places that are no numbers are left out.
  init(x: [Double], y: [Double]) { points = zip(x, y).filter { $0.0.isFinite }.map { (x: $0, y: $1) } }

  /// At most `count` stretches of equal width over `range`, nil for one without a number. The least low and the greatest high are those
  /// of the curve: nothing is smoothed away. A curve with at most `count` points in the range keeps each.
  func buckets(_ count: Int, over range: ClosedRange<Double>) -> [Bucket?] {
    let points = points.filter { range.contains($0.x) }
    guard points.count > count, range.upperBound > range.lowerBound else {
      return points.map { $0.y.isFinite ? Bucket(x: $0.x, low: $0.y, mean: $0.y, high: $0.y) : nil }
    }
    var members = [[(x: Double, y: Double)]](repeating: [], count: count)
    for point in points {
      let share = (point.x - range.lowerBound) / (range.upperBound - range.lowerBound)
      members[min(count - 1, Int(share * Double(count)))].append(point)
    }
    // A stretch in which nothing was recorded is no gap.
    return members.filter { !$0.isEmpty }.map { all in
      let finite = all.filter { $0.y.isFinite }
      guard let low = finite.map(\.y).min(), let high = finite.map(\.y).max() else { return nil }
      let size = Double(finite.count)
      let mean = finite.reduce(0) { $0 + $1.y / size }
      return Bucket(x: finite.reduce(0) { $0 + $1.x / size }, low: low, mean: min(max(mean, low), high), high: high)
    }
  }

  static func == (left: Curve, right: Curve) -> Bool { left.points.elementsEqual(right.points) { $0 == $1 } }
}
