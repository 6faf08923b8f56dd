import Basics
import Foundation
import Spec

/// A Parzen density over a range: a normal distribution at each point, cut off at the ends, and a wide one as the prior.
struct RangeDensity: ParzenDensity {
  private struct Kernel {
    let mean: Double
    let deviation: Double
    let weight: Double
    /// The distribution function at the ends of the range.
    let ends: (low: Double, high: Double)
  }

  /// The narrowest kernel is this part of the range.
  private static let finest = 100.0
  /// Halvings with which a distribution function is inverted: more than a double has bits.
  private static let halvings = 60

  private let space: ParameterSpec.Space
  /// The range in which the kernels are: of logarithms, or widened by half a step.
  private let (low, high): (Double, Double)
  private let kernels: [Kernel]

  /// The density of points at `coordinates` with `weights`.
  init(_ space: ParameterSpec.Space, _ coordinates: [Double], _ weights: [Double]) {
    self.space = space
    (low, high) =
      switch space {
      case .uniform(let range): (range.lowerBound, range.upperBound)
      case .logUniform(let range): (log(range.lowerBound), log(range.upperBound))
      case .integers(let range): (Double(range.lowerBound) - 0.5, Double(range.upperBound) + 0.5)
      case .choices: preconditionFailure("choices are no range")
      }
    let points = coordinates.map { Self.isLogarithmic(space) ? log($0) : $0 }
    let total = weights.reduce(1, +)
    let deviations = Self.deviations(points, low, high)
    let middle = (mean: 0.5 * (low + high), deviation: high - low, weight: 1.0)
    let all = points.indices.map { (mean: points[$0], deviation: deviations[$0], weight: weights[$0]) } + [middle]
    let (low, high) = (self.low, self.high)
    kernels = all.map { mean, deviation, weight in
      // A range of one number has no width.
      let deviation = max(deviation, .leastNormalMagnitude)
      return Kernel(
        mean: mean, deviation: deviation, weight: weight / total,
        ends: (Self.normal((low - mean) / deviation), Self.normal((high - mean) / deviation)))
    }
  }

  func draw(_ stream: inout RandomStream) -> Double {
    let kernel = kernels[ChoiceDensity.draw(kernels.map(\.weight), &stream)]
    let share = kernel.ends.low + stream.uniform() * (kernel.ends.high - kernel.ends.low)
    var (below, above) = (low, high)
    for _ in 0..<Self.halvings {
      let middle = 0.5 * (below + above)
      if Self.normal((middle - kernel.mean) / kernel.deviation) < share { below = middle } else { above = middle }
    }
    let value = 0.5 * (below + above)
    return switch space {
    case .uniform(let range): min(max(value, range.lowerBound), range.upperBound)
    case .logUniform(let range): min(max(exp(value), range.lowerBound), range.upperBound)
    case .integers(let range): min(max(value.rounded(), Double(range.lowerBound)), Double(range.upperBound))
    case .choices: preconditionFailure("choices are no range")
    }
  }

  func logDensity(_ coordinate: Double) -> Double {
    let x = Self.isLogarithmic(space) ? log(coordinate) : coordinate
    let sum = kernels.reduce(0) { sum, kernel in
      let mass = kernel.ends.high - kernel.ends.low
      let z = (x - kernel.mean) / kernel.deviation
      guard case .integers = space else {
        return sum + kernel.weight * exp(-0.5 * z * z) / (kernel.deviation * (2 * Double.pi).squareRoot() * mass)
      }
      let half = 0.5 / kernel.deviation
      return sum + kernel.weight * (Self.normal(z + half) - Self.normal(z - half)) / mass
    }
    return log(max(sum, .leastNormalMagnitude))
  }

  /// For each point the larger gap to its neighbors, the middle of the range counting as a point; the first and the last
  /// have one neighbor. None is narrower than the range over 1 + the number of kernels, or over 100.
  private static func deviations(_ points: [Double], _ low: Double, _ high: Double) -> [Double] {
    let all = points + [0.5 * (low + high)]
    let order = all.indices.sorted { all[$0] < all[$1] }
    let narrowest = (high - low) / min(finest, 1 + Double(all.count))
    var deviations = Array(repeating: 0.0, count: all.count)
    for (rank, index) in order.enumerated() {
      let left = rank > 0 ? all[index] - all[order[rank - 1]] : nil
      let right = rank < order.count - 1 ? all[order[rank + 1]] - all[index] : nil
      let gap = [left, right].compactMap { $0 }.max() ?? high - low
      deviations[index] = min(max(gap, narrowest), high - low)
    }
    return Array(deviations.dropLast())
  }

  /// The standard normal distribution function.
  private static func normal(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  private static func isLogarithmic(_ space: ParameterSpec.Space) -> Bool {
    if case .logUniform = space { true } else { false }
  }
}
