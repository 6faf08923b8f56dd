import Basics
import Evaluation
import Graph
import Kernels
import Models
import Spec

/// The memory that work with an experiment's networks takes, reckoned from shapes and compiled plans.
package struct TrainingMemory {
  package let spec: ExperimentSpec
  package let threads: Int
  /// Training images that evaluations may compare with.
  private let images: Int

  /// - Parameter images: as many as there are; nil: as many as evaluations may ask for.
  package init(_ spec: ExperimentSpec, threads: Int, images: Int? = nil) {
    self.spec = spec
    self.threads = threads
    self.images = images ?? 2 * spec.record.evaluate.images
  }

  private static let colors = 3

  /// Everything that training changes.
  package var state: MemoryNeed { Self.memory(Networks(spec).variables) }

  /// Bytes of the state, as a checkpoint has them.
  package var stateBytes: Int { Networks(spec).variables.reduce(0) { $0 + 4 * $1.shape.count } }

  /// The averaged generator alone.
  package var generator: MemoryNeed { Self.memory(Networks(spec).variables(of: .generator)) }

  private static func memory(_ variables: [Variable]) -> MemoryNeed {
    variables.reduce(MemoryNeed()) { $0 + MemoryNeed(floats: $1.shape.count) }
  }

  /// The plans of an iteration and what goes into them.
  package func iteration(_ graph: TrainingGraph, _ plans: [Plan]) -> MemoryNeed {
    let latents = graph.generator.latentShape(count: graph.batch).count
    return MemoryNeed(floats: plans.map(\.arenaCount).max()!)
      + plans.reduce(MemoryNeed()) { $0 + scratch($1) }
      + MemoryNeed(floats: graph.batch * (1 + pixels(graph.resolution))) + 2 * MemoryNeed(floats: latents)
      + MemoryNeed(floats: plans.reduce(0) { sum, plan in plan.random.keys.reduce(sum) { $0 + plan.inputs[$1]!.count } })
  }

  private func scratch(_ plan: Plan) -> MemoryNeed {
    MemoryNeed(floats: threads * (plan.scratchCount + 32))
  }

  /// Samples of an image of `side`.
  private func pixels(_ side: Int) -> Int { Self.colors * side * side }

  /// Drawing some images at a time.
  package func drawing(level: Int, fading: Bool) throws(ShapeError) -> MemoryNeed {
    guard isCompilable(level: level, batch: Sampler.largestChunk) else {
      let values = Networks(spec).ladder(of: .generator, level: level).reduce(0) { $0 + $1.values }
      return MemoryNeed(floats: MemoryNeed.product(Self.generosity, Sampler.largestChunk, values))
    }
    let plan = try Sampler.plan(spec, level: level, fading: fading, chunk: Sampler.largestChunk)
    let settling = try Settling.plan(spec, level: level, fading: fading)
    return [plan, settling].compactMap { $0 }.reduce(MemoryNeed()) { $0 + MemoryNeed(floats: $1.arenaCount) + scratch($1) }
      + MemoryNeed(floats: Sampler.largestChunk * latents)
  }

  /// Numbers of one latent.
  private var latents: Int { Generator(spec.generator).latentShape(count: 1).count }

  /// `count` drawn images of `side` and the numbers that they are drawn from.
  package func drawn(_ count: Int, side: Int) -> MemoryNeed {
    MemoryNeed(bytes: MemoryNeed.product(count, pixels(side) + 2 * 4 * latents))
  }

  /// A sheet of `count` such images in `columns` columns, each enlarged to `display`, and its PNG.
  package func sheet(_ count: Int, columns: Int, side: Int, display: Int) -> MemoryNeed {
    let cell = Swift.max(1, display / side) * side + 2
    let (width, rows) = (Swift.min(columns, count), (count + columns - 1) / columns)
    return drawn(count, side: side)
      + MemoryNeed(bytes: MemoryNeed.product(2 * Self.colors, width * cell + 2, rows * cell + 8))
  }

  /// Measuring drawn images of `side`.
  package func evaluation(side: Int) -> MemoryNeed {
    let asked = spec.record.evaluate.images
    var need = drawn(64, side: side)
    if side != spec.data.resolution { need += MemoryNeed(bytes: MemoryNeed.product(min(2 * asked, images), pixels(side))) }
    let size = MeasuredSize(side: side, drawn: asked, real: images, threads: threads)
    for measure in spec.record.evaluate.metrics {
      if let measure = measure.type as? any QualityMetric.Type { need += measure.memory(size) }
    }
    return need
  }

  /// All that a process takes while it trains the phase `phase`, apart from its images.
  package func phase(_ phase: Schedule.Phase, _ graph: TrainingGraph, _ plans: [Plan])
    throws(ShapeError) -> MemoryNeed
  {
    let record = spec.record
    var extra = sheet(
      2 * record.samples.count, columns: Preview.columns(record.samples.count),
      side: phase.resolution, display: spec.data.resolution)
    // A checkpoint is written from a copy of the state, and an evaluation that may be left keeps another.
    var states = 2
    if record.evaluate.every > 0 {
      extra = MemoryNeed.max(extra, evaluation(side: phase.resolution))
      states += 1
    }
    return MemoryNeed.program + states * state + iteration(graph, plans)
      + MemoryNeed(floats: 2 * phase.batch * pixels(phase.resolution))
      + (try drawing(level: phase.level, fading: phase.fade > 0)) + extra
  }

  /// All that a process takes while it trains the whole schedule, apart from its images.
  package func training() throws -> MemoryNeed {
    var need = MemoryNeed.program + 3 * state
    for phase in Schedule(spec).phases {
      guard isCompilable(phase) else {
        need = MemoryNeed.max(need, generous(phase))
        continue
      }
      for isFading in [phase.fade > 0, phase.hold == 0] {
        let graph = TrainingGraph(spec, level: phase.level, batch: phase.batch, fading: isFading)
        need = MemoryNeed.max(
          need,
          try self.phase(phase, graph, try graph.plans()))
        if phase.fade == 0 || phase.hold == 0 { break }
      }
    }
    return need
  }

  /// Whether the phase can be compiled: kernels count the numbers of a block with 32 bits. What cannot needs hundreds of gigabytes.
  package func isCompilable(_ phase: Schedule.Phase) -> Bool { isCompilable(level: phase.level, batch: phase.batch) }

  /// The same of any batch at a level.
  package func isCompilable(level: Int, batch: Int) -> Bool {
    layers(level).allSatisfy { layer in
      // Below 16x16 the columns of the whole batch, of reals, fakes and mixes together, are one block; above it is a band of an image.
      let copies = layer.features.side <= 8 ? 16 * batch : 4
      // Compiling a batch of a terabyte takes minutes, for memory that nobody has.
      return MemoryNeed.product(copies, layer.values) <= Int(Int32.max) && MemoryNeed.product(batch, layer.values) <= 1 << 34
    }
  }

  /// The layers of both networks that images at a level pass through.
  private func layers(_ level: Int) -> [LadderRow] { NetworkRole.allCases.flatMap { Networks(spec).ladder(of: $0, level: level) } }

  /// More than ``training()``, without compiling anything.
  package var generousTraining: MemoryNeed {
    Schedule(spec).phases.reduce(MemoryNeed()) { MemoryNeed.max($0, generous($1)) }
  }

  /// More than a process takes while it trains `phase`, without compiling anything.
  package func generous(_ phase: Schedule.Phase) -> MemoryNeed {
    let layers = layers(phase.level), values = latents + layers.reduce(0) { $0 + $1.values }
    let widest = max(spec.generator.latent, layers.map(\.features.channels).max()!)
    let scratch = MemoryNeed.product(threads, Self.generosity, widest, max(64, phase.resolution) * 16)
    let samples = spec.record.samples.count
    var need = MemoryNeed.program + 8 * state + evaluation(side: phase.resolution)
    need += MemoryNeed(floats: MemoryNeed.product(Self.generosity, phase.batch, values)) + MemoryNeed(floats: scratch)
    need += sheet(2 * samples, columns: Preview.columns(samples), side: phase.resolution, display: spec.data.resolution)
    return need
  }

  /// How many numbers an iteration keeps for each of a layer's largest tensor, at the most.
  private static let generosity = 16

  /// What is said of work that cannot be compiled, whatever memory there is.
  package func uncompilable(_ what: String, _ need: MemoryNeed) -> NotEnoughMemory {
    NotEnoughMemory(what: what, bytes: need.bytes, limit: .init(bytes: 4 * Int(Int32.max), source: "a block of its kernels"))
  }

  /// Throws ``NotEnoughMemory`` if there is less than a training takes.
  ///
  /// - Parameter copies: of the state that are kept beside it.
  package func requireTraining(copies: Int = 0, from available: AvailableMemory = .now) throws {
    let what = "training '\(spec.name)'"
    if let phase = Schedule(spec).phases.first(where: { !isCompilable($0) }) {
      try generous(phase).require(for: what, from: available)
      throw uncompilable(what, generous(phase))
    }
    // Compiling every phase takes a while; where there is plenty it is left out.
    guard (try? (generousTraining + copies * state).require(for: what, from: available)) == nil
    else { return }
    try (training() + copies * state).require(for: what, from: available)
  }
}
