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
  /// Every step of both plans, the slowest first.
  package let steps: [(step: Plan.Step, seconds: Double)]
  /// The share of the time by kernel family, the largest first.
  package let families: [(name: String, share: Double)]

  package var medianSeconds: Double { seconds.sorted()[seconds.count / 2] }

  /// Iterations before those that count.
  private static let warmUp = 2
  /// Runs of each plan whose steps are timed one by one; the median counts.
  private static let profiles = 3

  /// Times `iterations` iterations on random images.
  package init(_ spec: ExperimentSpec, level: Int, lanes: Lanes, iterations: Int) throws {
    let phase = spec.schedule.phases.first { $0.resolution == Resolution.side(level: level) }
    let graph = TrainingGraph(spec, level: level, batch: spec.schedule.batch, fading: phase.map { $0.fade > 0 } ?? false)
    let reckoned = TrainingMemory(spec, threads: lanes.count)
    guard reckoned.isCompilable(level: level, batch: graph.batch) else {
      throw reckoned.uncompilable("an iteration at \(graph.resolution)x\(graph.resolution)", reckoned.generousTraining)
    }
    let (plans, memory) = (
      try graph.plans(),
      TrainingMemory(spec, threads: lanes.count)
    )
    try (MemoryNeed.program + memory.state + memory.iteration(graph, plans))
      .require(for: "an iteration at \(graph.resolution)x\(graph.resolution)")
    let iteration = try Iteration(graph, TrainingState(spec), lanes: lanes, plans: plans)
    var stream = RandomStream(seed: spec.seed, name: "bench")
    for i in 0..<iteration.real.count { iteration.real.base[i] = Float(stream.uniform()) }
    let settings = Iteration.Settings(
      alpha: 0.5, generatorRate: spec.optimizer[.generator].rate, discriminatorRate: spec.optimizer[.discriminator].rate)
    var seconds: [Double] = []
    for i in 0..<Self.warmUp + iterations {
      let start = MonotonicClock.system.seconds
      iteration.run(settings)
      if i >= Self.warmUp { seconds.append(MonotonicClock.system.seconds - start) }
    }
    self.seconds = seconds
    (resolution, batch) = (graph.resolution, graph.batch)
    let executors = iteration.executors
    flops = executors.reduce(0) { $0 + $1.plan.flops }
    let timed = executors.flatMap { executor in
      let steps = executor.plan.steps
      var samples = steps.map { _ in [Double]() }
      for _ in 0..<Self.profiles {
        var seconds = steps.map { _ in 0.0 }
        executor.run(timing: &seconds)
        for i in steps.indices { samples[i].append(seconds[i]) }
      }
      return zip(steps, samples).map { (step: $0, seconds: $1.sorted()[Self.profiles / 2]) }
    }
    steps = timed.sorted { $0.seconds > $1.seconds }
    var times: [String: Double] = [:]
    for (step, seconds) in steps { times[step.kernel.family, default: 0] += seconds }
    let total = times.values.reduce(0, +)
    families = times.map { ($0.key, $0.value / total) }.sorted { ($1.share, $0.name) < ($0.share, $1.name) }
  }
}
