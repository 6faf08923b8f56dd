import Basics
import Foundation
import Graph
import Kernels
import Models
import Spec

/// The measured time of a training iteration in the middle of a resolution's fade.
package struct IterationBenchmark {
  package let resolution: Int
  package let batch: Int
  /// Seconds of each counted iteration.
  package let seconds: [Double]
  /// Multiply-adds counted as 2 of one iteration's convolutions, each done once and none avoided.
  package let flops: Double
  /// The share of the time by kernel family, the largest first.
  package let families: [(name: String, share: Double)]

  package var medianSeconds: Double { seconds.sorted()[seconds.count / 2] }

  /// Iterations before those that count.
  private static let warmUp = 2

  /// Times `iterations` iterations on random images.
  package init(_ spec: ExperimentSpec, level: Int, lanes: Lanes, iterations: Int) throws(ShapeError) {
    let state = TrainingState(spec)
    let graph = TrainingGraph(spec, level: level, batch: spec.schedule.batch, fading: level > 0)
    let iteration = try Iteration(graph, state, lanes: lanes)
    var stream = RandomStream(seed: spec.seed, name: "bench")
    for i in 0..<iteration.real.count { iteration.real.base[i] = Float(stream.uniform()) }
    let settings = Iteration.Settings(
      alpha: 0.5, generatorRate: spec.optimizer.generator.rate, discriminatorRate: spec.optimizer.discriminator.rate)
    var seconds: [Double] = []
    for i in 0..<Self.warmUp + iterations {
      let start = DispatchTime.now().uptimeNanoseconds
      iteration.run(settings)
      if i >= Self.warmUp { seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9) }
    }
    self.seconds = seconds
    (resolution, batch) = (graph.resolution, graph.batch)
    let executors = [iteration.generator, iteration.discriminator]
    flops = executors.reduce(0) { $0 + $1.plan.flops }
    var times: [String: Double] = [:]
    for executor in executors {
      var steps = [Double](repeating: 0, count: executor.plan.steps.count)
      executor.run(timing: &steps)
      for (step, time) in zip(executor.plan.steps, steps) { times[step.kernel.family, default: 0] += time }
    }
    let total = times.values.reduce(0, +)
    families = times.map { ($0.key, $0.value / total) }.sorted { ($1.share, $0.name) < ($0.share, $1.name) }
  }
}
