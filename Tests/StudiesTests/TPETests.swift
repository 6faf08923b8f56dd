import Basics
import Foundation
import Spec
import Testing

@testable import Studies

@Suite struct TPETests {
  /// A function to minimize, its space and its least value.
  struct Problem: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let space: [ParameterSpec]
    let least: Double
    let value: @Sendable ([Double]) -> Double
  }

  static let problems = [branin, hartmann]

  /// Branin 1972; as in Dixon & Szego 1978.
  static let branin = Problem(
    testDescription: "Branin", space: [range("x", -5...10), range("y", 0...15)], least: 0.39788735772973816
  ) { x in
    let a = x[1] - 5.1 / (4 * Double.pi * Double.pi) * x[0] * x[0] + 5 / Double.pi * x[0] - 6
    return a * a + 10 * (1 - 1 / (8 * Double.pi)) * cos(x[0]) + 10
  }

  /// Hartmann 1973, six variables; as in Dixon & Szego 1978.
  static let hartmann = Problem(
    testDescription: "Hartmann 6", space: (0..<6).map { range("x\($0)", 0...1) }, least: -3.32236801141551
  ) { x in
    let alpha = [1.0, 1.2, 3.0, 3.2]
    let a: [[Double]] = [
      [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
    ]
    let p: [[Double]] = [
      [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650],
      [4047, 8828, 8732, 5743, 1091, 381],
    ]
    var value = 0.0
    for i in 0..<4 {
      var distance = 0.0
      for j in 0..<6 {
        let difference = x[j] - p[i][j] * 1e-4
        distance += a[i][j] * difference * difference
      }
      value -= alpha[i] * exp(-distance)
    }
    return value
  }

  private static func range(_ name: String, _ range: ClosedRange<Double>) -> ParameterSpec {
    ParameterSpec(paths: [name], space: .uniform(range))
  }

  /// How far the best of `trials` points is from the least value.
  private func regret(_ search: any Strategy, _ problem: Problem) -> Double {
    var observations: [Observation] = []
    for number in 1...search.count {
      let point = search.point(number, after: observations)
      observations.append(Observation(point, .value(problem.value(point.coordinates))))
    }
    return observations.map { if case .value(let value) = $0.outcome { value - problem.least } else { .infinity } }.min()!
  }

  @Test(arguments: problems) func `TPE comes nearer to the minimum than random search with as many trials`(problem: Problem) {
    let (seeds, trials) = (20, 60)
    var (tpe, random) = (0.0, 0.0)
    for seed in 0..<seeds {
      let settings = RandomSearch.Settings(trials: trials, seed: UInt64(seed))
      tpe += regret(TPESearch(settings, problem.space), problem) / Double(seeds)
      random += regret(RandomSearch(settings, problem.space), problem) / Double(seeds)
    }
    print(
      "\(problem.testDescription): mean regret of \(seeds) seeds, \(trials) trials: TPE \(tpe), random \(random), ratio \(random / tpe)"
    )
    #expect(random > 1.5 * tpe)
  }

  @Test func `points follow from the seed and from what is known`() {
    let search = TPESearch(.init(trials: 50, seed: 3), Self.branin.space)
    let random = (1...12).map { Observation(search.point($0, after: []), .value(Double($0))) }
    #expect(search.point(13, after: random) == search.point(13, after: random))
    #expect(search.point(13, after: random) != search.point(14, after: random))
    #expect(search.point(13, after: random) != search.point(13, after: []))
    // Nine are too few to learn from.
    #expect(search.point(13, after: Array(random.prefix(9))) == search.point(13, after: []))
  }

  @Test func `the best tenth is set apart, in the order of the trials`() {
    func observation(_ x: Double, _ outcome: Observation.Outcome) -> Observation { Observation(Point([x]), outcome) }
    var all = (1...18).map { observation(Double($0), .value(Double(20 - $0))) }
    all += [
      observation(19, .stopped(after: 8, -5)), observation(20, .failed), observation(21, .running),
      observation(22, .value(.nan)),
    ]
    // 20 are done, so 2 are the best: stopped ones come after finished ones, whatever they had.
    let (best, others) = TPESearch.split(all)
    #expect(best.map(\.coordinates) == [[17], [18]])
    #expect(others.map { $0.coordinates[0] } == (1...16).map(Double.init) + [19, 21, 22])
  }

  @Test func `older points count less`() {
    #expect(TPESearch.weights(3) == [1, 1, 1])
    let weights = TPESearch.weights(28)
    #expect(weights.count == 28 && weights[0] == 1 / 28.0 && weights[2] == 1 && weights.suffix(25).allSatisfy { $0 == 1 })
    #expect(abs(weights[1] - (1 + 1 / 28.0) / 2) < 1e-12)
  }

  @Test(arguments: [
    ParameterSpec.Space.uniform(-1...3), .logUniform(1e-3...10), .integers(1...5),
  ]) func `a density is one in all, and what is drawn follows it`(space: ParameterSpec.Space) {
    let points: [Double] = if case .integers = space { [1, 4, 4] } else { [0.5, 0.6, 2.5] }
    let density = RangeDensity(space, points, [1, 1, 1])
    var stream = RandomStream(seed: 5, name: "test")
    let draws = (0..<4000).map { _ in density.draw(&stream) }
    // The middle of what is summed over, in the space in which it is uniform.
    let (nodes, width): ([Double], Double) =
      switch space {
      case .integers(let range): (range.map(Double.init), 1)
      case .uniform(let range): ((0..<2000).map { range.lowerBound + (Double($0) + 0.5) * 4 / 2000 }, 4.0 / 2000)
      case .logUniform: ((0..<2000).map { exp(log(1e-3) + (Double($0) + 0.5) * log(1e4) / 2000) }, log(1e4) / 2000)
      case .choices: ([], 0)
      }
    let masses = nodes.map { exp(density.logDensity($0)) * width }
    #expect(abs(masses.reduce(0, +) - 1) < 1e-3)
    let border = nodes[nodes.count / 2]
    let expected = zip(nodes, masses).reduce(0) { $0 + ($1.0 < border ? $1.1 : 0) }
    let seen = Double(draws.count { $0 < border }) / 4000
    // Four standard deviations of a share of 4000.
    #expect(abs(expected - seen) < 0.032, "\(expected) \(seen)")
  }

  @Test func `choices that did well are drawn more often`() {
    let density = ChoiceDensity([2, 2, 2, 0], [1, 1, 1, 1], count: 4)
    let shares = (0..<4).map { exp(density.logDensity(Double($0))) }
    // Each of the four points gives (1 + 1/5) / (1 + 4/5) to its own choice and 1/5 / (1 + 4/5) to others, the prior 1/4 to each.
    let expected = [1.25, 12.5 / 18, 8.5 / 3.6, 12.5 / 18].map { $0 / 5 }
    #expect(zip(shares, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(shares)")
  }
}
