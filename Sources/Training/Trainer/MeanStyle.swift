import Basics
import Graph
import Kernels
import Models
import Spec

/// The mean of what a generator's mapping makes of latents, towards which drawn styles can be drawn.
struct MeanStyle {
  /// `[1, W, 1, 1]`.
  let values: [Float]

  /// Latents that it is the mean of, and those that are mapped at a time.
  private static let (latents, portion) = (4096, 64)

  /// - Parameter weights: buffers by `generator.<name>`, those of the averaged generator. It depends on them and the seed alone.
  init(_ spec: ExperimentSpec, weights: [String: FloatBuffer], lanes: Lanes) throws(ShapeError) {
    let (graph, generator) = (Graph(), Generator(spec.generator))
    let latent = try graph.add(Input(name: "latent", shape: generator.latentShape(count: Self.portion)))
    let scope = Scope(graph: graph, network: .generator, mode: .drawing)
    let plan = try Plan(outputs: ["styles": generator.styles(latent, in: scope)])
    let buffer = FloatBuffer(count: latent.shape.count)
    let executor = Executor(plan, inputs: weights.merging(["latent": buffer]) { $1 }, lanes: lanes)
    var stream = RandomStream(seed: spec.seed, name: "mean style")
    var sums = [Double](repeating: 0, count: plan.outputs["styles"]!.shape[1])
    for _ in 0..<Self.latents / Self.portion {
      stream.fill(UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count))
      executor.run()
      for (index, value) in executor.output("styles").enumerated() { sums[index % sums.count] += Double(value) }
    }
    values = sums.map { Float($0 / Double(Self.latents)) }
  }
}
