import Basics
import Spec
import Testing

@testable import Studies

/// No set of values is tried twice.
@Suite struct DistinctPointsTests {
  /// A space of one to four parameters with few values each, zip and ranges of one number among them.
  private static func space(_ stream: inout RandomStream) -> [ParameterSpec] {
    (0..<1 + stream.below(4)).map { index in
      let count = 1 + stream.below(4)
      switch stream.below(4) {
      case 0: return ParameterSpec(paths: ["p\(index)"], space: .choices((0..<count).map { ["v\($0)"] }))
      case 1:
        return ParameterSpec(paths: ["a\(index)", "b\(index)"], space: .choices((0..<count).map { ["x\($0 % 2)", "y\($0)"] }))
      case 2: return ParameterSpec(paths: ["p\(index)"], space: .integers(-2...count - 3))
      default: return ParameterSpec(paths: ["p\(index)"], space: count < 3 ? .uniform(0.5...0.5) : .logUniform(2...2))
      }
    }
  }

  private static func outcome(_ stream: inout RandomStream) -> Observation.Outcome {
    switch stream.below(8) {
    case 0: .failed
    case 1: .running
    case 2: .stopped(after: 1 + stream.below(9), stream.uniform())
    case 3: .value(Double(stream.below(3)))
    case 4: .value(.nan)
    default: .value(stream.uniform())
    }
  }

  private static func search(_ name: String, trials: Int, _ space: [ParameterSpec], seed: UInt64 = 3) -> any Strategy {
    let settings = RandomSearch.Settings(trials: trials, seed: seed)
    return name == "random" ? RandomSearch(settings, space) : TPESearch(settings, space)
  }

  @Test(arguments: ["random", "tpe"], 0..<25 as Range<UInt64>)
  func `points are different until all are tried, whatever came of them`(name: String, seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "spaces")
    let space = Self.space(&stream)
    let size = space.reduce(1) { $0 * ($1.size ?? 0) }
    for trials in [1, max(1, size / 2), size, size + 7] {
      let search = Self.search(name, trials: trials, space)
      #expect(search.count == min(trials, size))
      var earlier: [Observation] = []
      for number in 1...search.count {
        let point = search.point(number, after: earlier)
        #expect(search.point(number, after: earlier) == point)
        earlier.append(Observation(point, Self.outcome(&stream)))
      }
      #expect(Set(earlier.map(\.point)).count == search.count, "\(space)")
      #expect(search.planned == (name == "random" ? earlier.map(\.point) : Array(search.planned.prefix(10))))
      #expect(Set(search.planned).count == search.planned.count)
    }
  }

  @Test func `more trials only add to those before`() {
    let space = [
      ParameterSpec(paths: ["a"], space: .integers(1...40)), ParameterSpec(paths: ["b"], space: .choices([["x"], ["y"]])),
    ]
    let all = Self.search("random", trials: 80, space).planned
    for trials in [1, 7, 33, 79] { #expect(Self.search("random", trials: trials, space).planned == Array(all.prefix(trials))) }
    #expect(Set(all).count == 80)
  }

  @Test func `a large space is not counted through`() {
    let wide = [
      ParameterSpec(paths: ["a"], space: .integers(0...999_999_999)),
      ParameterSpec(paths: ["b"], space: .integers(0...999_999_999)),
    ]
    #expect(Set(Self.search("random", trials: 500, wide).planned).count == 500)
    let many = Array(repeating: ParameterSpec(paths: ["a"], space: .integers(0...999_999_999)), count: 9)
    #expect(Self.search("random", trials: 20, many).planned.count == 20)
  }

  /// Ranges with this many numbers between their ends.
  private static let narrow: [(space: ParameterSpec.Space, count: Int)] = [
    (.uniform(1...1.0.nextUp), 2), (.uniform(0.1...0.1.nextUp.nextUp), 3), (.logUniform(0.1...0.1.nextUp.nextUp.nextUp), 4),
    (.uniform(-Double.leastNonzeroMagnitude...Double.leastNonzeroMagnitude), 3), (.uniform((-1.0).nextDown...(-1.0)), 2),
    (.logUniform(1e300...1e300 + 70 * 1e300.ulp), 71),
  ]

  @Test(arguments: ["random", "tpe"], narrow.indices) func `the numbers of a narrow range are counted, and each is tried once`(
    name: String, index: Int
  ) {
    let (narrow, count) = Self.narrow[index]
    for space in [
      [ParameterSpec(paths: ["a"], space: narrow)],
      [.init(paths: ["b"], space: .integers(1...3)), .init(paths: ["a"], space: narrow)],
    ] {
      let search = Self.search(name, trials: 1000, space)
      #expect(search.count == (space.count == 1 ? count : 3 * count))
      var earlier: [Observation] = []
      for number in 1...search.count {
        earlier.append(Observation(search.point(number, after: earlier), .value(Double(number % 7))))
      }
      #expect(Set(earlier.map(\.point)).count == search.count)
    }
  }

  @Test func `where draws come to few of a range's many numbers, the next ones are tried`() {
    // The logarithm has 440 numbers here, the range more than 100,000.
    let space = [ParameterSpec(paths: ["a"], space: .logUniform(1e300...1e300 + 225_000 * 1e300.ulp))]
    let planned = Self.search("random", trials: 2000, space).planned
    #expect(Set(planned).count == 2000 && planned.allSatisfy { (1e300...1e300 + 225_000 * 1e300.ulp).contains($0.coordinates[0]) })
    let two = [ParameterSpec(paths: ["b"], space: .choices([["x"], ["y"]]))] + space
    #expect(Set(Self.search("random", trials: 2000, two).planned).count == 2000)
  }

  @Test func `of the sets that are left, TPE takes the most promising one`() {
    let space = [ParameterSpec(paths: ["a"], space: .integers(1...6)), ParameterSpec(paths: ["b"], space: .integers(1...4))]
    // The smaller the sum, the better; all are known but these two.
    let rest = [Point([2, 1]), Point([6, 4])]
    let all = (0..<24).map { Point(number: $0, in: space) }.filter { !rest.contains($0) }
    let earlier = all.map { Observation($0, .value($0.coordinates.reduce(0, +))) }
    #expect(Self.search("tpe", trials: 24, space).point(23, after: earlier) == rest[0])
  }
}
