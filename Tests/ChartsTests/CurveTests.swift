import Basics
import Testing

@testable import Charts

@Suite struct CurveTests {
  /// A curve of `count` points with gaps and a few extremes.
  private func curve(_ count: Int, seed: UInt64, stretches: Int) -> Curve {
    Curve(x: (0..<count).map { Double($0 * 16) }, y: values(count, seed: seed), stretches, over: 0...Double(count * 16))
  }

  private func values(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, name: "curve")
    return (0..<count).map { index -> Double in
      let value = stream.uniform(in: -2...2)
      if index % 97 == 13 { return value * 1000 }
      return index % 7 == 3 ? .nan : value
    }
  }

  @Test(arguments: [1, 5, 100, 101, 6000], UInt64(1)...3) func `thinning out keeps the least and the greatest`(
    count: Int, seed: UInt64
  ) throws {
    let buckets = curve(count, seed: seed, stretches: 100).buckets
    let finite = values(count, seed: seed).filter(\.isFinite)
    #expect(buckets.compactMap { $0?.low }.min() == finite.min())
    #expect(buckets.compactMap { $0?.high }.max() == finite.max())
    #expect(buckets.count <= 100)
  }

  @Test(arguments: [50, 777, 6000]) func `stretches ascend, and means lie in their bands`(count: Int) {
    let buckets = curve(count, seed: 9, stretches: 64).buckets.compactMap { $0 }
    for bucket in buckets { #expect(bucket.low <= bucket.mean && bucket.mean <= bucket.high) }
    for (a, b) in zip(buckets, buckets.dropFirst()) { #expect(a.x < b.x) }
  }

  @Test func `few points are kept as they are, with gaps`() {
    let buckets = Curve(x: [1, 2, 3], y: [5, .nan, 7], 10, over: 0...4).buckets
    #expect(buckets == [Bucket(x: 1, low: 5, mean: 5, high: 5), nil, Bucket(x: 3, low: 7, mean: 7, high: 7)])
  }

  @Test func `the band over repeats is their deviation around the mean`() throws {
    let curves = [([10, 20], [1, 5]), ([10, 20, 30], [3, 5, 9])].map { Curve(x: $0, y: $1, 10, over: 0...30) }
    let buckets = Curve.together(curves) { values in values.count > 1 ? (values.max()! - values.min()!) / 2 : nil
    }
    #expect(
      buckets == [
        Bucket(x: 10, low: 1, mean: 2, high: 3), Bucket(x: 20, low: 5, mean: 5, high: 5), Bucket(x: 30, low: 9, mean: 9, high: 9),
      ])
  }

  @Test func `a curve together with itself is that curve`() {
    let curve = curve(3000, seed: 4, stretches: 100)
    let (one, two) = (curve.buckets, Curve.together([curve, curve]) { $0.count > 1 ? 0 : nil })
    for (a, b) in zip(one, two) {
      #expect((a == nil) == (b == nil))
      if let a, let b { #expect(a.x == b.x && abs(a.mean - b.mean) <= 1e-9 * max(1, abs(a.mean))) }
    }
  }
}

extension Curve {
  /// The curve through these values at these places.
  fileprivate init(x: [Double], y: [Double], _ count: Int, over range: ClosedRange<Double>) {
    self.init(over: range, stretches: count)
    for (x, y) in zip(x, y) { add(x: x, y: y) }
  }
}
