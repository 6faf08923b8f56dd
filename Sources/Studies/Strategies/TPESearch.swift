import Basics
import Spec

/// The tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization"), with the rules
/// and constants of Optuna 4 (Watanabe 2023, "Tree-structured Parzen estimator: understanding its algorithm components").
///
/// The points so far are split into the best and the others, each set becomes a density, and of some draws from the density l
/// of the best the one with the largest l / g is taken, each parameter by itself. Points that run count among the others, so
/// that processes at the same time try different ones. No point is tried twice: where the draws give one that was tried, others
/// are drawn, and of a few points that are left the one with the largest l / g is taken.
package struct TPESearch: Strategy {
  package static var schema: ObjectSchema<RandomSearch.Settings> {
    RandomSearch.schema("tpe", "Random points first, then such as are likely to be good after what the trials gave")
  }

  package static let isAdaptive = true

  package static func points(_ settings: RandomSearch.Settings) -> Int? { settings.trials }

  /// Random points before the first that is chosen.
  package static let startupPoints = 10
  /// Draws of which one is taken.
  private static let candidates = 24
  /// The share of points that are the best, and how many at most.
  private static let (bestShare, mostBest) = (0.1, 25)
  /// The newest points that count in full.
  private static let newest = 25

  package let count: Int
  private let randomSeed: UInt64
  private let parameters: [ParameterSpec]

  package init(_ settings: RandomSearch.Settings, _ parameters: [ParameterSpec]) {
    count = RandomSearch.count(settings, parameters)
    randomSeed = settings.seed
    self.parameters = parameters
  }

  package var seed: UInt64? { randomSeed }

  package var planned: [Point] {
    (1...min(count, Self.startupPoints)).reduce(into: []) { points, number in
      points.append(point(number, after: points.map { Observation($0, .running) }))
    }
  }

  package func point(_ number: Int, after earlier: [Observation]) -> Point {
    var stream = RandomStream(seed: randomSeed, name: "sweep.tpe.\(number)")
    var tried = TriedPoints(earlier, in: parameters)
    guard earlier.count(where: \.isDone) >= Self.startupPoints else {
      return tried.untried(&stream) { stream in
        Point(parameters.map { $0.random(&stream) })
      } choose: { rest, stream in
        rest[stream.below(rest.count)]
      }
    }
    let (best, others) = Self.split(earlier)
    let densities = parameters.indices.map { index in
      (
        l: Self.density(parameters[index], best.map { $0.coordinates[index] }),
        g: Self.density(parameters[index], others.map { $0.coordinates[index] })
      )
    }
    return tried.untried(&stream) { stream in
      Point(
        densities.map { l, g in
          let draws = (0..<Self.candidates).map { _ in l.draw(&stream) }
          let gains = draws.map { l.logDensity($0) - g.logDensity($0) }
          return draws[gains.indices.max { gains[$0] < gains[$1] }!]
        })
    } choose: { rest, _ in
      let gains = rest.map { point in
        zip(densities, point.coordinates).reduce(0) { $0 + $1.0.l.logDensity($1.1) - $1.0.g.logDensity($1.1) }
      }
      return rest[gains.indices.max { gains[$0] < gains[$1] }!]
    }
  }

  /// The best of the points and the others, each in the order in which they came.
  static func split(_ earlier: [Observation]) -> (best: [Point], others: [Point]) {
    let done = earlier.indices.filter { earlier[$0].isDone }.sorted { earlier[$0].rank < earlier[$1].rank }
    let count = min(Int((bestShare * Double(done.count)).rounded(.up)), mostBest)
    let best = Set(done.prefix(count))
    let others = earlier.indices.filter { !best.contains($0) && (earlier[$0].isDone || earlier[$0].outcome == .running) }
    return (best.sorted().map { earlier[$0].point }, others.map { earlier[$0].point })
  }

  private static func density(_ parameter: ParameterSpec, _ coordinates: [Double]) -> any ParzenDensity {
    let weights = weights(coordinates.count)
    if case .choices(let choices) = parameter.space {
      return ChoiceDensity(coordinates.map { Int($0) }, weights, count: choices.count)
    }
    return RangeDensity(parameter.space, coordinates, weights)
  }

  /// How much each of `count` points counts, oldest first: the newest 25 in full, earlier ones less and less.
  static func weights(_ count: Int) -> [Double] {
    let older = count - newest
    guard older > 0 else { return Array(repeating: 1, count: count) }
    let first = 1 / Double(count)
    let ramp = (0..<older).map { older == 1 ? first : first + (1 - first) * Double($0) / Double(older - 1) }
    return ramp + Array(repeating: 1, count: newest)
  }
}

/// A density that is drawn from and looked at.
protocol ParzenDensity {
  /// A coordinate, drawn.
  func draw(_ stream: inout RandomStream) -> Double
  /// The logarithm of the density at a coordinate.
  func logDensity(_ coordinate: Double) -> Double
}

extension Observation {
  fileprivate var isDone: Bool {
    switch outcome {
    case .value, .stopped: true
    case .running, .failed: false
    }
  }

  /// The order from the best to the worst: finished ones by value, then stopped ones, those that came farthest first.
  fileprivate var rank: (Int, Int, Double) {
    func orderly(_ value: Double) -> Double { value.isNaN ? .infinity : value }
    return switch outcome {
    case .value(let value): (0, 0, orderly(value))
    case .stopped(let iterations, let value): (1, -iterations, orderly(value))
    case .running, .failed: (2, 0, 0)
    }
  }
}
