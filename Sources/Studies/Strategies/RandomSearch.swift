import Basics
import Foundation
import Spec

/// Independent points, none of them twice. Each has a random stream of its own, so more trials only add to those before.
package struct RandomSearch: Strategy {
  package static let declaration = MethodDeclaration(
    name: "random", doc: "Points that have nothing to do with each other, each once", settings: settings)
  package static let isAdaptive = false

  static let settings = [
    MethodSetting(key: "trials", doc: "Sets of values that are tried", range: 1...SweepSpec.mostTrials),
    MethodSetting(key: "seed", doc: "Where the values come from; equal seeds give equal values", range: 0...Int.max, default: 0),
  ]

  package let count: Int
  private let seed: UInt64
  private let parameters: [ParameterSpec]

  package init(_ settings: MethodSpec, _ parameters: [ParameterSpec]) {
    count = Self.count(settings, parameters)
    (seed, self.parameters) = (UInt64(settings["seed"]), parameters)
  }

  /// As many points as are asked for and there are.
  static func count(_ settings: MethodSpec, _ parameters: [ParameterSpec]) -> Int {
    min(settings["trials"], Point.count(in: parameters) ?? Int.max)
  }

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
    var stream = RandomStream(seed: seed, name: "sweep.random.\(number)")
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
