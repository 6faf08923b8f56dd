import Basics
import Foundation

/// A Parzen density over choices: each point gives one to its own choice and a little to all, and a prior is uniform.
struct ChoiceDensity: ParzenDensity {
  private let probabilities: [Double]

  /// The density of points at `choices` with `weights`, among `count` choices.
  init(_ choices: [Int], _ weights: [Double], count: Int) {
    let kernels = choices.count + 1
    let little = 1 / Double(kernels)
    let total = weights.reduce(1, +)
    var probabilities = Array(repeating: 1 / Double(count) / total, count: count)
    for (choice, weight) in zip(choices, weights) {
      let sum = 1 + little * Double(count)
      for other in 0..<count { probabilities[other] += weight / total * ((other == choice ? 1 : 0) + little) / sum }
    }
    self.probabilities = probabilities
  }

  func draw(_ stream: inout RandomStream) -> Double { Double(Self.draw(probabilities, &stream)) }

  func logDensity(_ coordinate: Double) -> Double { log(probabilities[Int(coordinate)]) }

  /// An index, as likely as its share of `weights`. Takes one block of `stream`.
  static func draw(_ weights: [Double], _ stream: inout RandomStream) -> Int {
    var rest = stream.uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }
}
