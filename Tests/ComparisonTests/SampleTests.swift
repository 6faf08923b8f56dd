import Testing

@testable import Comparison

@Suite struct SampleTests {
  @Test func `the fixture is there`() {
    #expect(Set(StatisticsFixture.cases.map(\.kind)) == ["beta", "p", "quantile", "sample", "paired"])
    #expect(StatisticsFixture.cases.count > 250)
  }

  @Test func `means deviations and intervals are those of SciPy`() throws {
    for known in StatisticsFixture.cases("sample") {
      let sample = try #require(Sample(known.lists[0]))
      // Sums round relative to what is summed: a mean or a bound near 0 has no relative precision of its own.
      let scale = known.lists[0].map(abs).max()!
      #expect(agrees(sample.mean, known.numbers[0], scale: scale), "\(known.testDescription)")
      #expect(agrees(sample.standardDeviation, known.numbers[1]), "\(known.testDescription)")
      #expect(agrees(sample.interval95?.lowerBound, known.numbers[2], scale: scale), "\(known.testDescription)")
      #expect(agrees(sample.interval95?.upperBound, known.numbers[3], scale: scale), "\(known.testDescription)")
    }
  }

  @Test func `one value has a mean and no spread`() throws {
    let sample = try #require(Sample([2.5]))
    #expect(sample.mean == 2.5 && sample.count == 1)
    #expect(sample.standardDeviation == nil && sample.interval95 == nil)
  }

  @Test func `equal values have an interval of one point`() throws {
    let sample = try #require(Sample([0.1, 0.1, 0.1]))
    #expect(sample.mean == 0.1 && sample.standardDeviation == 0)
    #expect(sample.interval95 == 0.1...0.1)
  }

  @Test(arguments: [[], [Double.nan], [1, Double.infinity], [1, 2, -Double.infinity]]) func `what is no number makes no sample`(
    _ values: [Double]
  ) {
    #expect(Sample(values) == nil)
  }

  @Test func `values too large to add up have no interval`() throws {
    #expect(try #require(Sample([1e308, 1.5e308, -1e308])).interval95 == nil)
    #expect(PairedTest.t([1e308, 1.5e308, 1], [-1e308, -1e308, 2]) == nil)
    #expect(PairedTest.t([1e300, 1, 2], [0, 0, 0]) == nil)
  }

  @Test func `a shift moves the mean and keeps the spread`() throws {
    let values = [1.0, 4, 2, 8, 5]
    let (near, far) = (try #require(Sample(values)), try #require(Sample(values.map { $0 + 1024 })))
    #expect(far.mean == near.mean + 1024)
    #expect(agrees(far.standardDeviation, try #require(near.standardDeviation)))
  }
}
