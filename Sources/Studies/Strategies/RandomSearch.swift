import Basics
import Foundation
import Spec

/// Independent points, none of them twice. Each has a random stream of its own, so more trials only add to those before.
package struct RandomSearch: Strategy {
  /// What every search that draws its points is asked.
  package struct Settings: Equatable, Sendable {
    package var trials: Int
    package var seed: UInt64

    package init(trials: Int, seed: UInt64 = 0) {
      self.trials = trials
      self.seed = seed
    }
  }

  package static var schema: ObjectSchema<Settings> {
    schema("random", "Points that have nothing to do with each other, each once")
  }

  package static let isAdaptive = false

  package static func points(_ settings: Settings) -> Int? { settings.trials }

  static func schema(_ key: String, _ doc: String) -> ObjectSchema<Settings> {
    ObjectSchema(
      key, doc, Settings(trials: 0),
      Field("trials", \.trials, .integer(1...SweepSpec.mostTrials), "Sets of values that are tried", default: .required),
      Field("seed", \.seed, .integer(0...UInt64(Int.max)), "Where the values come from; equal seeds give equal values"))
  }

  package let count: Int
  private let randomSeed: UInt64
  private let parameters: [ParameterSpec]

  package init(_ settings: Settings, _ parameters: [ParameterSpec]) {
    count = Self.count(settings, parameters)
    randomSeed = settings.seed
    self.parameters = parameters
  }

  /// As many points as are asked for and there are.
  static func count(_ settings: Settings, _ parameters: [ParameterSpec]) -> Int {
    min(settings.trials, Point.count(in: parameters) ?? Int.max)
  }

  package var seed: UInt64? { randomSeed }

  package var planned: [Point] {
    var tried = TriedPoints([], in: parameters)
    return (1...count).map { number in
      let point = point(number, &tried)
      tried.insert(point)
      return point
    }
  }

  package func point(_ number: Int, after earlier: [Observation]) -> Point {
    var tried = TriedPoints(earlier, in: parameters)
    return point(number, &tried)
  }

  private func point(_ number: Int, _ tried: inout TriedPoints) -> Point {
    var stream = RandomStream(seed: randomSeed, name: "sweep.random.\(number)")
    return tried.untried(&stream) { stream in
      Point(parameters.map { $0.random(&stream) })
    } choose: { rest, stream in
      rest[stream.below(rest.count)]
    }
  }
}

extension ParameterSpec {
  /// A coordinate, each as likely as any other. Takes one block of `stream`.
  func random(_ stream: inout RandomStream) -> Double {
    switch space {
    case .choices(let choices): Double(stream.below(choices.count))
    case .integers(let range): Double(range.lowerBound + stream.below(range.upperBound - range.lowerBound + 1))
    case .uniform(let range): stream.uniform(in: range)
    case .logUniform(let range):
      min(max(exp(stream.uniform(in: log(range.lowerBound)...log(range.upperBound))), range.lowerBound), range.upperBound)
    }
  }
}
