import Testing

@testable import Kernels

@Suite struct SGDTests {
  /// Counts around vectors and units of the kernel, and primes.
  static let counts = [1, 13, 257, 32_771]

  @Test(arguments: [Float(0), 0.9], [false, true])
  func `steps of gradient descent are its definition in Double`(momentum: Float, isNesterov: Bool) {
    let averages = isNesterov
    let kernel = Kernel.sgd(SGDSettings(momentum: momentum, isNesterov: isNesterov), counts: Self.counts, averages: averages)
    let (rate, decay) = (0.03, 0.9)
    let weights = Self.counts.enumerated().map { FloatBuffer(randomFloats($1, seed: UInt64($0))) }
    let (velocities, averaged) = (Self.counts.map { FloatBuffer(count: $0) }, weights.map { FloatBuffer($0.values) })
    var expected = weights.map { $0.values.map { (weight: Double($0), velocity: 0.0, average: Double($0)) } }
    let outputs = Self.counts.indices.flatMap { index in
      [weights[index]] + (momentum == 0 ? [] : [velocities[index]]) + (averages ? [averaged[index]] : [])
    }
    for step in 1...6 {
      let gradients = Self.counts.enumerated().map { FloatBuffer(randomFloats($1, seed: UInt64(100 * step + $0))) }
      kernel.run(inputs: gradients + [FloatBuffer([Float(rate), Float(decay)])], outputs: outputs)
      for i in Self.counts.indices {
        for j in 0..<Self.counts[i] {
          let g = Double(gradients[i].base[j])
          expected[i][j].velocity = Double(momentum) * expected[i][j].velocity + g
          let v = expected[i][j].velocity
          expected[i][j].weight -= rate * (momentum == 0 ? g : isNesterov ? g + Double(momentum) * v : v)
          expected[i][j].average = decay * expected[i][j].average + (1 - decay) * expected[i][j].weight
        }
      }
    }
    for i in Self.counts.indices {
      // Six steps of at most 0.3 round a few times each.
      #expect(zip(weights[i].values, expected[i]).allSatisfy { abs(Double($0) - $1.weight) < 4e-6 }, "tensor \(i)")
      if averages { #expect(zip(averaged[i].values, expected[i]).allSatisfy { abs(Double($0) - $1.average) < 4e-6 }) }
    }
  }

  @Test func `any number of lanes gives the same bits`() {
    let kernel = Kernel.sgd(SGDSettings(momentum: 0.5, isNesterov: true), counts: [70_001], averages: true)
    func run(lanes: Int) -> [[Float]] {
      let outputs = (0..<3).map { FloatBuffer(randomFloats(70_001, seed: UInt64($0))) }
      kernel.run(inputs: [FloatBuffer(randomFloats(70_001, seed: 9)), FloatBuffer([0.1, 0.9])], outputs: outputs, lanes: lanes)
      return outputs.map(\.values)
    }
    let one = run(lanes: 1)
    for lanes in 2...4 { #expect(run(lanes: lanes) == one) }
  }
}
