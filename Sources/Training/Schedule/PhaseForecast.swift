import Basics
import Graph
import Kernels
import Models
import Runs
import Spec

/// What one phase will take, from its compiled plans and a few timed iterations.
package struct PhaseForecast {
  package let phase: Schedule.Phase
  /// Parameters that the phase's networks have.
  package let generatorParameters: Int
  package let discriminatorParameters: Int
  /// Multiply-adds counted as 2 of an iteration's convolutions.
  package let flops: Double
  /// Bytes that a process takes while it trains the phase, evaluations included and images not.
  package let memory: Int
  /// What keeps it from being timed: more memory is needed than there is.
  package let obstacle: NotEnoughMemory?
  /// Seconds an iteration, while fading and while holding; nil for a part that the phase does not have or when not timed.
  package let fadeSeconds: Double?
  package let holdSeconds: Double?

  /// Seconds of the whole phase.
  package var seconds: Double { (fadeSeconds ?? 0) * Double(phase.fade) + (holdSeconds ?? 0) * Double(phase.hold) }

  /// Timed iterations after one that does not count.
  private static let timedIterations = 2

  /// Compiles the phase and, if `timing`, times it on random images; without it no memory is taken, and `state` not asked for.
  package init(
    _ phase: Schedule.Phase, _ spec: ExperimentSpec, state: @autoclosure () -> TrainingState, lanes: Lanes, threads: Int? = nil,
    timing: Bool
  ) throws(ShapeError) {
    self.phase = phase
    // The layers to and from RGB of lower resolutions stay part of the networks.
    func count(_ network: NetworkRole) -> Int {
      Networks(spec).variables(of: network, through: phase.level).reduce(0) { $0 + ($1.role == .weight ? $1.shape.count : 0) }
    }
    generatorParameters = count(.generator)
    discriminatorParameters = count(.discriminator)
    let reckoned = TrainingMemory(spec, threads: threads ?? lanes.count)
    var obstacle: NotEnoughMemory?
    var (flops, need): (Double, MemoryNeed) = (0, MemoryNeed())
    func measure(fading: Bool) throws(ShapeError) -> Double? {
      guard reckoned.isCompilable(phase) else {
        (need, flops) = (reckoned.generous(phase), WorkShares.flops(phase, spec))
        obstacle = reckoned.uncompilable("an iteration", need)
        return nil
      }
      let graph = TrainingGraph(spec, level: phase.level, batch: phase.batch, fading: fading)
      let plans = try graph.plans()
      flops = max(flops, plans.reduce(0) { $0 + $1.flops })
      need = MemoryNeed.max(need, try reckoned.phase(phase, graph, plans))
      guard timing, obstacle == nil else { return nil }
      do throws(NotEnoughMemory) {
        try (MemoryNeed.program + reckoned.state + reckoned.iteration(graph, plans)).require(
          for: "an iteration")
      } catch {
        obstacle = error
        return nil
      }
      let iteration = try Iteration(graph, state(), lanes: lanes, plans: plans)
      var stream = RandomStream(seed: spec.seed, name: "forecast")
      for i in 0..<iteration.real.count { iteration.real.base[i] = Float(stream.uniform()) }
      let settings = Iteration.Settings(alpha: 0.5, generatorRate: 0, discriminatorRate: 0)
      iteration.run(settings)
      let start = MonotonicClock.system.seconds
      for _ in 0..<Self.timedIterations { iteration.run(settings) }
      return (MonotonicClock.system.seconds - start) / Double(Self.timedIterations)
    }
    let fade = phase.fade > 0 ? try measure(fading: true) : nil
    let hold = phase.hold > 0 ? try measure(fading: false) : nil
    fadeSeconds = fade
    holdSeconds = hold
    self.flops = flops
    memory = need.bytes
    self.obstacle = obstacle
  }
}
