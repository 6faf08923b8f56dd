import Testing

@testable import Kernels

@Suite struct AdamTests {
  /// Counts around vectors and units of the kernel, and primes.
  static let counts = [1, 13, 257, 16_411]

  @Test(arguments: [Float(0), 0.9], [(false, Float(0)), (true, 0), (true, 0.3)])
  func `adam's steps are its definition in Double`(beta1: Float, others: (averages: Bool, weightDecay: Float)) {
    let averages = others.averages
    let settings = AdamSettings(beta1: beta1, beta2: 0.99, epsilon: 1e-8, weightDecay: others.weightDecay)
    let (rate, decay) = (0.01, 0.9)
    let kernel = Kernel.adam(settings, counts: Self.counts, averages: averages)
    let weights = Self.counts.enumerated().map { FloatBuffer(randomFloats($1, seed: UInt64($0))) }
    let averaged = weights.map { FloatBuffer($0.values) }
    let firsts = Self.counts.map { FloatBuffer(count: $0) }, seconds = Self.counts.map { FloatBuffer(count: $0) }
    var outputs: [FloatBuffer] = []
    for i in Self.counts.indices {
      outputs.append(weights[i])
      if beta1 != 0 { outputs.append(firsts[i]) }
      outputs.append(seconds[i])
      if averages { outputs.append(averaged[i]) }
    }
    var references = weights.map { $0.values.map { AdamReference(weight: Double($0)) } }
    for step in 1...6 {
      // The last tensor joins two steps later than the others: corrections belong to each tensor.
      let times = Self.counts.indices.map { $0 == Self.counts.count - 1 ? max(1, step - 2) : step }
      let corrections = times.flatMap { [AdamReference.correction(Double(beta1), $0), AdamReference.correction(0.99, $0)] }
      let gradients = Self.counts.enumerated().map { FloatBuffer(randomFloats($1, seed: UInt64(100 * step + $0)).map { $0 * 0.1 }) }
      gradients[0].base[0] = 0
      kernel.run(inputs: gradients + [FloatBuffer(([rate, decay] + corrections).map { Float($0) })], outputs: outputs)
      for i in Self.counts.indices {
        for j in 0..<Self.counts[i] {
          references[i][j].weight *= 1 - rate * Double(others.weightDecay)
          references[i][j].step(
            Double(gradients[i].base[j]), rate: rate, beta1: Double(beta1), beta2: 0.99, decay: decay, time: times[i])
        }
      }
    }
    for i in Self.counts.indices {
      // Each of six steps of at most 0.01 / sqrt(0.01) = 0.1 rounds a few times; the betas themselves round to 3e-8.
      #expect(zip(weights[i].values, references[i]).allSatisfy { abs(Double($0) - $1.weight) < 2e-6 }, "weights of tensor \(i)")
      #expect(
        zip(seconds[i].values, references[i]).allSatisfy { abs(Double($0) - $1.second) <= 2e-6 * $1.second },
        "moments of tensor \(i)")
      if averages { #expect(zip(averaged[i].values, references[i]).allSatisfy { abs(Double($0) - $1.average) < 2e-6 }) }
      if beta1 != 0 { #expect(zip(firsts[i].values, references[i]).allSatisfy { abs(Double($0) - $1.first) < 1e-7 }) }
    }
  }

  @Test func `a weight without gradient stays where it is`() {
    let kernel = Kernel.adam(AdamSettings(beta1: 0, beta2: 0.99, epsilon: 1e-8), counts: [5], averages: false)
    let (weights, moments) = (FloatBuffer([1, -2, 3, -4, 5]), FloatBuffer([0, 1e-20, 0, 1, 4]))
    kernel.run(inputs: [FloatBuffer(count: 5), FloatBuffer([0.1, 0, 1, 0.01])], outputs: [weights, moments])
    #expect(weights.values == [1, -2, 3, -4, 5])
  }

  @Test func `any number of lanes gives the same bits`() {
    let kernel = Kernel.adam(AdamSettings(beta1: 0.5, beta2: 0.99, epsilon: 1e-8), counts: [50_000], averages: true)
    func run(lanes: Int) -> [[Float]] {
      let outputs = (0..<4).map { FloatBuffer(randomFloats(50_000, seed: UInt64($0)).map { abs($0) }) }
      let inputs = [FloatBuffer(randomFloats(50_000, seed: 9)), FloatBuffer([0.1, 0.9, 0.5, 0.01])]
      kernel.run(inputs: inputs, outputs: outputs, lanes: lanes)
      return outputs.map(\.values)
    }
    let one = run(lanes: 1)
    for lanes in 2...4 { #expect(run(lanes: lanes) == one) }
  }
}

/// Kingma & Ba 2015, algorithm 1, for one weight, and its moving average.
private struct AdamReference {
  var weight: Double
  var first = 0.0
  var second = 0.0
  var average: Double

  init(weight: Double) { (self.weight, average) = (weight, weight) }

  static func correction(_ beta: Double, _ time: Int) -> Double { 1 - (0..<time).reduce(1) { product, _ in product * beta } }

  mutating func step(_ gradient: Double, rate: Double, beta1: Double, beta2: Double, decay: Double, time: Int) {
    first = beta1 * first + (1 - beta1) * gradient
    second = beta2 * second + (1 - beta2) * gradient * gradient
    let (m, v) = (first / Self.correction(beta1, time), second / Self.correction(beta2, time))
    weight -= rate * m / (v.squareRoot() + 1e-8)
    average = decay * average + (1 - decay) * weight
  }
}
