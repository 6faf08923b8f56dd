import Basics
import Foundation
import Graph
import Kernels
import Models
import Spec

/// The plans of one resolution, bound to a training state: runs iterations.
package final class Iteration {
  package let graph: TrainingGraph
  /// Where the next batch of real images goes: `[N, 3, R, R]`.
  package let real: FloatBuffer
  /// The memory of all plans, free for others between iterations.
  package let arena: FloatBuffer

  private let state: TrainingState
  private let alpha = FloatBuffer(count: 1)
  private let latents: PerNetwork<FloatBuffer>
  /// Nil without a term that uses mixes.
  private let mix: FloatBuffer?
  private let updates: [Update]

  /// A step of a network, ready to run.
  private struct Update {
    let step: TrainingStep
    let executor: Executor
    let optimizer: OptimizerStep
    /// Keys of the weights, which need not be made anew each time.
    let keys: [String]
    /// What the optimizer gets.
    let numbers: FloatBuffer
    /// What layers and terms ask for.
    let random: RandomNumbers
    let usesMixes: Bool
  }

  /// - Parameter plans: those of the graph's steps, if they are compiled already.
  package init(_ graph: TrainingGraph, _ state: TrainingState, lanes: Lanes, plans: [Plan]? = nil) throws(ShapeError) {
    self.graph = graph
    self.state = state
    let latentCount = graph.generator.latentShape(count: graph.batch).count
    real = FloatBuffer(count: graph.batch * 3 * graph.resolution * graph.resolution)
    latents = PerNetwork { _ in FloatBuffer(count: latentCount) }
    let plans = if let plans { plans } else { try graph.plans() }
    arena = FloatBuffer(count: plans.map(\.arenaCount).max()!)
    mix = plans.contains { $0.inputs[TrainingGraph.mixName] != nil } ? FloatBuffer(count: graph.batch) : nil
    var inputs = state.buffers
    inputs["real"] = real
    inputs["alpha"] = alpha
    inputs[TrainingGraph.mixName] = mix
    for network in NetworkRole.allCases { inputs["\(network).latent"] = latents[network] }
    var updates: [Update] = []
    for (step, plan) in zip(graph.steps, plans) {
      let optimizer = graph.update(step)
      let numbers = FloatBuffer(count: optimizer.numbersCount)
      let random = RandomNumbers(plan, seed: graph.spec.seed, purpose: step.name)
      inputs[optimizer.numbersName] = numbers
      updates.append(
        Update(
          step: step, executor: Executor(plan, inputs: inputs.merging(random.buffers) { $1 }, lanes: lanes, arena: arena),
          optimizer: optimizer, keys: optimizer.weights.map(\.key), numbers: numbers, random: random,
          usesMixes: plan.inputs[TrainingGraph.mixName] != nil))
    }
    self.updates = updates
  }

  /// The numbers of an iteration.
  package struct Settings {
    package let alpha: Double
    package let generatorRate: Double
    package let discriminatorRate: Double

    package init(alpha: Double, generatorRate: Double, discriminatorRate: Double) {
      self.alpha = alpha
      self.generatorRate = generatorRate
      self.discriminatorRate = discriminatorRate
    }
  }

  /// The executors of all steps, in their order.
  package var executors: [Executor] { updates.map(\.executor) }
  /// That of a network's step in each iteration.
  package var generator: Executor { updates.last { $0.step.network == .generator }!.executor }
  package var discriminator: Executor { updates.last { $0.step.network == .discriminator }!.executor }

  /// Trains one iteration on the images in ``real``.
  ///
  /// - Parameters:
  ///   - more: puts other images there, for the second and later steps of the discriminator.
  ///   - measure: called after each step, while its plan's outputs are valid.
  package func run(
    _ settings: Settings, more: () -> Void = {}, measure: (TrainingStep, Executor) -> Void = { _, _ in }
  ) {
    begin(settings)
    func update(_ network: NetworkRole, _ steps: [Update], rate: Double, decay: Double, batch: Int) {
      draw(latentsOf: network)
      for update in steps {
        prepare(update, rate: rate, decay: decay, batch: batch)
        update.executor.run()
        adapt(update)
        measure(update.step, update.executor)
      }
    }
    let due = PerNetwork { network in updates.filter { $0.step.network == network && $0.step.isDue(state.iteration) } }
    let decay = self.decay
    let count = graph.spec.schedule.criticSteps
    func updateGenerator(batch: Int) {
      update(.generator, due[.generator], rate: settings.generatorRate, decay: decay, batch: batch)
    }
    func updateDiscriminator() {
      for batch in 0..<count {
        if batch > 0 { more() }
        let steps = due[.discriminator].filter { batch == 0 || !$0.step.isLazy }
        update(.discriminator, steps, rate: settings.discriminatorRate, decay: 0, batch: batch)
      }
    }
    switch graph.spec.schedule.order {
    case .generatorFirst:
      updateGenerator(batch: 0)
      updateDiscriminator()
    case .discriminatorFirst:
      updateDiscriminator()
      updateGenerator(batch: count - 1)
    }
  }

  /// What the last step of a network was given, by the names of a trace.
  package func inputs(of step: TrainingStep) -> [(name: String, shape: Shape, values: [Float])] {
    guard let update = updates.first(where: { $0.step == step }) else { return [] }
    let network = step.network
    var inputs: [(String, Shape, [Float])] = []
    if !step.isLazy {
      inputs.append(("\(network).latent", graph.generator.latentShape(count: graph.batch), latents[network].values))
    }
    if update.executor.plan.inputs["real"] != nil {
      inputs.append(("real", [graph.batch, 3, graph.resolution, graph.resolution], real.values))
    }
    if update.usesMixes, let mix { inputs.append(("mix", [graph.batch], mix.values)) }
    return inputs
      + update.random.buffers.sorted { $0.key < $1.key }.map { name, buffer in
        ("\(step.name).\(name)", update.executor.plan.inputs[name]!, buffer.values)
      }
  }

  /// What is kept of the generator's average in this iteration.
  private var decay: Double {
    let shown = graph.batch * graph.spec.schedule.criticSteps
    return graph.spec.generator.average.decay(
      afterIterations: state.earlier + state.iteration - 1,
      images: max(0, state.images.total - shown) + state.earlier * shown, shown: shown)
  }

  /// The probability of changes to images that the discriminator sees.
  package var probability: Double {
    if case .fixed(let probability)? = graph.spec.discriminator.augment?.probability { return probability }
    return state.augment.probability
  }

  /// Lets the probability follow what a step of the discriminator has measured.
  private func adapt(_ update: Update) {
    guard update.step == TrainingStep(.discriminator), let rule = graph.spec.discriminator.augment?.adaptive else { return }
    let sign = Double(update.executor.output(Column.overfitting.name)[0])
    state.augment.add(sign: sign, batch: graph.batch, imagesPerIteration: graph.batch * graph.spec.schedule.criticSteps, rule)
  }

  private func begin(_ settings: Settings) {
    state.iteration += 1
    alpha.base[0] = Float(settings.alpha)
  }

  private func draw(latentsOf network: NetworkRole) {
    let buffer = UnsafeMutableBufferPointer(start: latents[network].base, count: latents[network].count)
    switch network {
    case .generator: state.generatorLatents.fill(buffer)
    case .discriminator: state.discriminatorLatents.fill(buffer)
    }
  }

  /// Draws mixes and what layers and terms ask for, the images being those of the iteration's batch `batch`, and sets the optimizer's numbers.
  private func prepare(_ update: Update, rate: Double, decay: Double, batch: Int) {
    let later = graph.spec.schedule.criticSteps - batch
    let first = max(0, state.images.total - later * graph.batch)
    update.random.draw(first..<first + graph.batch, probability: probability)
    if update.usesMixes, let mix {
      for i in 0..<mix.count { mix.base[i] = Float(state.mixes.uniform()) }
    }
    for key in update.keys { state.steps[key, default: 0] += 1 }
    update.optimizer.fill(
      update.numbers.base, rate: rate * graph.spec.laziness(of: update.step.network), decay: decay,
      steps: update.keys.map { state.steps[$0]! })
  }
}
