import Testing

@testable import Comparison

@Suite struct StudentTTests {
  @Test func `the incomplete beta function is that of SciPy`() {
    for known in StatisticsFixture.cases("beta") {
      let (a, b, x) = (known.numbers[0], known.numbers[1], known.numbers[2])
      #expect(agrees(IncompleteBeta(a, b)(x, complement: 1 - x), known.numbers[3]), "\(known.testDescription)")
    }
  }

  @Test func `probabilities and quantiles are those of SciPy`() {
    for known in StatisticsFixture.cases("p") {
      let distribution = StudentT(degreesOfFreedom: known.numbers[0])
      #expect(agrees(distribution.p(twoSided: known.numbers[1]), known.numbers[2]), "\(known.testDescription)")
    }
    for known in StatisticsFixture.cases("quantile") {
      let distribution = StudentT(degreesOfFreedom: known.numbers[0])
      #expect(agrees(distribution.quantile(twoSided: known.numbers[1]), known.numbers[2]), "\(known.testDescription)")
    }
  }

  @Test(arguments: [1, 2, 5, 30, 400]) func `the quantile undoes the probability`(_ degrees: Double) {
    let distribution = StudentT(degreesOfFreedom: degrees)
    for p in [0.9, 0.5, 0.1, 0.05, 1e-3, 1e-9] {
      #expect(abs(distribution.p(twoSided: distribution.quantile(twoSided: p)) / p - 1) < 1e-12)
    }
  }

  @Test func `the incomplete beta function is symmetric`() {
    for (a, b) in [(0.5, 3.0), (4, 4), (29, 0.5)] {
      for x in [0.0, 0.125, 0.5, 0.75, 1] {
        let sum = IncompleteBeta(a, b)(x, complement: 1 - x) + IncompleteBeta(b, a)(1 - x, complement: x)
        #expect(abs(sum - 1) < 1e-13)
      }
    }
  }

  @Test func `infinity is impossible`() {
    #expect(StudentT(degreesOfFreedom: 3).p(twoSided: .infinity) == 0)
    #expect(StudentT(degreesOfFreedom: 3).p(twoSided: 0) == 1)
  }
}
