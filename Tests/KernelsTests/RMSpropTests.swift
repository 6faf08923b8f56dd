import Testing

@testable import Kernels

@Suite struct RMSpropTests {
  /// Counts around vectors and units of the kernel, and primes.
  static let counts = [1, 13, 257, 16_411]

  @Test(arguments: [Float(0), 0.9], [false, true])
  func `steps of RMSprop are its definition in Double`(momentum: Float, isCentered: Bool) {
    let averages = isCentered
    let settings = RMSpropSettings(decay: 0.7, epsilon: 1e-3, momentum: momentum, isCentered: isCentered)
    let kernel = Kernel.rmsprop(settings, counts: Self.counts, averages: averages)
    let (rate, decay) = (0.03, 0.9)
    let weights = Self.counts.enumerated().map { FloatBuffer(randomFloats($1, seed: UInt64($0))) }
    func zeros() -> [FloatBuffer] { Self.counts.map { FloatBuffer(count: $0) } }
    let (squares, means, velocities, averaged) = (zeros(), zeros(), zeros(), weights.map { FloatBuffer($0.values) })
    var expected = weights.map {
      $0.values.map { (weight: Double($0), square: 0.0, mean: 0.0, velocity: 0.0, average: Double($0)) }
    }
    let outputs = Self.counts.indices.flatMap { index in
      [weights[index], squares[index]] + (isCentered ? [means[index]] : []) + (momentum == 0 ? [] : [velocities[index]])
        + (averages ? [averaged[index]] : [])
    }
    for step in 1...6 {
      let gradients = Self.counts.enumerated().map { FloatBuffer(randomFloats($1, seed: UInt64(100 * step + $0))) }
      kernel.run(inputs: gradients + [FloatBuffer([Float(rate), Float(decay)])], outputs: outputs)
      for i in Self.counts.indices {
        for j in 0..<Self.counts[i] {
          let g = Double(gradients[i].base[j])
          expected[i][j].square = 0.7 * expected[i][j].square + 0.3 * g * g
          expected[i][j].mean = 0.7 * expected[i][j].mean + 0.3 * g
          let mean = isCentered ? expected[i][j].mean : 0
          let change = g / (max(0, expected[i][j].square - mean * mean).squareRoot() + 1e-3)
          expected[i][j].velocity = Double(momentum) * expected[i][j].velocity + change
          expected[i][j].weight -= rate * expected[i][j].velocity
          expected[i][j].average = decay * expected[i][j].average + (1 - decay) * expected[i][j].weight
        }
      }
    }
    for i in Self.counts.indices {
      #expect(zip(weights[i].values, expected[i]).allSatisfy { abs(Double($0) - $1.weight) < 1e-4 }, "tensor \(i)")
      if averages { #expect(zip(averaged[i].values, expected[i]).allSatisfy { abs(Double($0) - $1.average) < 1e-4 }) }
    }
  }

  @Test func `any number of lanes gives the same bits`() {
    let settings = RMSpropSettings(decay: 0.9, epsilon: 1e-8, momentum: 0.5, isCentered: true)
    let kernel = Kernel.rmsprop(settings, counts: [70_001], averages: true)
    func run(lanes: Int) -> [[Float]] {
      let outputs = (0..<5).map { FloatBuffer(randomFloats(70_001, seed: UInt64($0))) }
      kernel.run(inputs: [FloatBuffer(randomFloats(70_001, seed: 9)), FloatBuffer([0.1, 0.9])], outputs: outputs, lanes: lanes)
      return outputs.map(\.values)
    }
    let one = run(lanes: 1)
    for lanes in 2...4 { #expect(run(lanes: lanes) == one) }
  }

  @Test func `numbers beyond a bound become it and others stay`() {
    let counts = [1, 40_009]
    let values = counts.map { FloatBuffer(randomFloats($0, seed: 4)) }
    let before = values.map(\.values)
    Kernel.clamp(0.5, counts: counts).run(inputs: [], outputs: values)
    for (old, new) in zip(before, values) { #expect(new.values == old.map { min(0.5, max(-0.5, $0)) }) }
  }
}
