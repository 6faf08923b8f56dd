import Basics
import Graph
import Kernels
import Models
import Spec

/// The mean of what a generator's mapping makes of latents, towards which drawn styles can be drawn. It depends on weights and seed alone.
final class MeanStyle {
  /// `[1, W, 1, 1]`, after a ``run()``.
  let values: FloatBuffer

  private let seed: UInt64
  private let executor: Executor
  private let latent: FloatBuffer
  private let random: RandomNumbers

  /// Latents that it is the mean of, and those that are mapped at a time.
  private static let (latents, portion) = (4096, 64)

  /// - Parameter inputs: what the averaged generator draws with, by `generator.<name>`.
  init(_ spec: ExperimentSpec, inputs: [String: FloatBuffer], lanes: Lanes) throws(ShapeError) {
    let (graph, generator) = (Graph(), Generator(spec.generator))
    let shape = generator.latentShape(count: Self.portion)
    let scope = Scope(graph: graph, network: .generator, mode: .drawing)
    let styles = try generator.styles(graph.add(Input(name: "latent", shape: shape)), in: scope)
    let plan = try Plan(outputs: ["styles": styles])
    seed = spec.seed
    values = FloatBuffer(count: styles.shape[1])
    latent = FloatBuffer(count: shape.count)
    random = RandomNumbers(plan, seed: spec.seed, purpose: "mean style")
    executor = Executor(plan, inputs: inputs.merging(random.buffers) { $1 }.merging(["latent": latent]) { $1 }, lanes: lanes)
  }

  func run() {
    var stream = RandomStream(seed: seed, name: "mean style")
    var sums = [Double](repeating: 0, count: values.count)
    for first in stride(from: 0, to: Self.latents, by: Self.portion) {
      stream.fill(UnsafeMutableBufferPointer(start: latent.base, count: latent.count))
      random.draw(first..<first + Self.portion)
      executor.run()
      for (index, value) in executor.output("styles").enumerated() { sums[index % sums.count] += Double(value) }
    }
    for index in sums.indices { values.base[index] = Float(sums[index] / Double(Self.latents)) }
  }
}
