import Basics
import Graph
import Kernels
import Models
import Spec

/// Brings the statistics that a drawing generator uses up to date: spectral norms of averaged weights, and what batch norms see of fresh
/// latents (standing statistics, Brock et al. 2019). What comes out depends on weights and seed alone.
final class Settling {
  /// What is kept for drawing, by the keys of a generator's variables.
  let statistics: [String: FloatBuffer]

  private let spec: ExperimentSpec
  /// What each begins with: what training keeps of it, or its initial value.
  private let beginnings: [(own: FloatBuffer, from: FloatBuffer)]
  /// Nil where nothing is brought up to date.
  private let executor: Executor?
  private let random: RandomNumbers?
  private let latents: FloatBuffer
  private let latentCount: Int
  private let share = FloatBuffer(count: 1)

  /// Minibatches of latents over which statistics are averaged; as many iterations bring a spectral norm from trained to averaged weights.
  static let minibatches = 16

  /// Nil where a drawing generator has no statistics.
  ///
  /// - Parameters:
  ///   - weights: buffers by `generator.<name>`.
  ///   - arena: memory to borrow, if it is large enough.
  init?(
    _ spec: ExperimentSpec, level: Int, fading: Bool, weights: [String: FloatBuffer], alpha: FloatBuffer, lanes: Lanes,
    arena: FloatBuffer?
  ) throws(ShapeError) {
    let variables = Networks(spec).variables(of: .generator, level: level, fading: fading, mode: .drawing)
      .filter { $0.role == .statistic }
    guard !variables.isEmpty else { return nil }
    self.spec = spec
    var (statistics, beginnings) = ([String: FloatBuffer](), [(own: FloatBuffer, from: FloatBuffer)]())
    for variable in variables {
      let own = FloatBuffer(count: variable.shape.count)
      statistics[variable.key] = own
      beginnings.append((own, weights[variable.key] ?? FloatBuffer(variable.initialValues(seed: spec.seed))))
    }
    (self.statistics, self.beginnings) = (statistics, beginnings)
    latentCount = Generator(spec.generator).latentShape(count: 1).count
    latents = FloatBuffer(count: latentCount * Self.images(spec, level: level))
    guard let plan = try Self.plan(spec, level: level, fading: fading) else {
      (executor, random) = (nil, nil)
      return
    }
    let random = RandomNumbers(plan, seed: spec.seed, purpose: "standing")
    self.random = random
    let borrowed = arena.flatMap { $0.count >= plan.arenaCount ? $0 : nil }
    let inputs = weights.merging(statistics) { $1 }.merging(["latent": latents, "share": share, "alpha": alpha]) { $1 }
      .merging(random.buffers) { $1 }
    executor = Executor(plan, inputs: inputs, lanes: lanes, arena: borrowed)
  }

  /// Images of a minibatch: as many as training has.
  private static func images(_ spec: ExperimentSpec, level: Int) -> Int {
    let phase = spec.schedule.phases.first { $0.resolution == Resolution.side(level: level) }
    return phase?.batch ?? spec.schedule.batch
  }

  /// What is done for a minibatch; nil where nothing is brought up to date.
  static func plan(_ spec: ExperimentSpec, level: Int, fading: Bool) throws(ShapeError) -> Plan? {
    let (graph, generator) = (Graph(), Generator(spec.generator))
    let scope = Scope(
      graph: graph, network: .generator, mode: .settling(share: try graph.add(Input(name: "share", shape: .scalar))))
    let alpha = fading && level > 0 ? try graph.add(Input(name: "alpha", shape: .scalar)) : nil
    let latent = try graph.add(Input(name: "latent", shape: generator.latentShape(count: images(spec, level: level))))
    _ = try generator(latent, level: level, alpha: alpha, in: scope)
    guard let updates = scope.updates else { return nil }
    return try Plan(outputs: [:], effects: [updates])
  }

  func run() {
    for (own, from) in beginnings { own.base.update(from: from.base, count: own.count) }
    guard let executor, let random else { return }
    var stream = RandomStream(seed: spec.seed, name: "standing")
    for number in 1...Self.minibatches {
      stream.fill(UnsafeMutableBufferPointer(start: latents.base, count: latents.count))
      let images = latents.count / latentCount
      random.draw((number - 1) * images..<number * images)
      share.base[0] = 1 / Float(number)
      executor.run()
    }
  }
}
