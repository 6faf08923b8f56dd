import Basics
import Foundation
import Graph
import Kernels
import Models
import Spec

/// Both plans of one resolution, bound to a training state: runs iterations.
package final class Iteration {
  package let graph: TrainingGraph
  /// Where the next batch of real images goes: `[N, 3, R, R]`.
  package let real: FloatBuffer
  package let generator: Executor
  package let discriminator: Executor
  /// The memory of both plans, free for others between iterations.
  package let arena: FloatBuffer

  private let state: TrainingState
  private let alpha = FloatBuffer(count: 1)
  private let latents: [FloatBuffer]
  /// Nil without a term that uses mixes.
  private let mix: FloatBuffer?
  private let updates: PerNetwork<Update>
  /// What the layers of both networks ask for in the update of each.
  private let random: PerNetwork<RandomNumbers>

  /// What a network's optimizer gets each iteration.
  private struct Update {
    let step: OptimizerStep
    /// Keys of the weights, which need not be made anew each time.
    let keys: [String]
    let numbers: FloatBuffer

    init(_ step: OptimizerStep) {
      self.step = step
      keys = step.weights.map(\.key)
      numbers = FloatBuffer(count: step.numbersCount)
    }
  }

  /// - Parameter plans: the generator's and the discriminator's, if they are compiled already.
  package init(_ graph: TrainingGraph, _ state: TrainingState, lanes: Lanes, plans: [Plan]? = nil) throws(ShapeError) {
    self.graph = graph
    self.state = state
    let latentCount = graph.generator.latentShape(count: graph.batch).count
    real = FloatBuffer(count: graph.batch * 3 * graph.resolution * graph.resolution)
    latents = [FloatBuffer(count: latentCount), FloatBuffer(count: latentCount)]
    mix = graph.usesMixes ? FloatBuffer(count: graph.batch) : nil
    updates = PerNetwork { Update(graph.step($0)) }
    let plans = if let plans { plans } else { [try graph.generatorPlan(), try graph.discriminatorPlan()] }
    arena = FloatBuffer(count: plans.map(\.arenaCount).max()!)
    var inputs = state.buffers
    inputs["real"] = real
    inputs["alpha"] = alpha
    inputs["mix"] = mix
    inputs["generator.latent"] = latents[0]
    inputs["discriminator.latent"] = latents[1]
    for network in NetworkRole.allCases { inputs[updates[network].step.numbersName] = updates[network].numbers }
    let random = PerNetwork { RandomNumbers(plans[$0 == .generator ? 0 : 1], seed: graph.spec.seed, purpose: "\($0)") }
    self.random = random
    generator = Executor(plans[0], inputs: inputs.merging(random[.generator].buffers) { $1 }, lanes: lanes, arena: arena)
    discriminator = Executor(plans[1], inputs: inputs.merging(random[.discriminator].buffers) { $1 }, lanes: lanes, arena: arena)
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

  /// Trains one iteration on the images in ``real``. `measure` is called after each network's update, while its plan's outputs
  /// are valid.
  package func run(_ settings: Settings, measure: (NetworkRole, Executor) -> Void = { _, _ in }) {
    prepare(settings)
    func update(_ network: NetworkRole) {
      let executor = network == .generator ? generator : discriminator
      executor.run()
      measure(network, executor)
    }
    switch graph.spec.schedule.order {
    case .generatorFirst:
      update(.generator)
      update(.discriminator)
    case .discriminatorFirst:
      update(.discriminator)
      update(.generator)
    }
  }

  /// What the last iteration was given, by the names of a trace.
  package var inputs: [(name: String, shape: Shape, values: [Float])] {
    let latent = graph.generator.latentShape(count: graph.batch)
    return [
      ("generator.latent", latent, latents[0].values), ("discriminator.latent", latent, latents[1].values),
      ("real", [graph.batch, 3, graph.resolution, graph.resolution], real.values),
    ] + (mix.map { [("mix", [graph.batch], $0.values)] } ?? [])
      + [(NetworkRole.generator, generator), (.discriminator, discriminator)].flatMap { network, executor in
        random[network].buffers.sorted { $0.key < $1.key }.map { name, buffer in
          ("\(network).\(name)", executor.plan.inputs[name]!, buffer.values)
        }
      }
  }

  /// Draws the latents, mixes and what layers ask for, the images being the last that were shown, and sets this iteration's numbers.
  package func prepare(_ settings: Settings) {
    state.iteration += 1
    alpha.base[0] = Float(settings.alpha)
    state.generatorLatents.fill(UnsafeMutableBufferPointer(start: latents[0].base, count: latents[0].count))
    state.discriminatorLatents.fill(UnsafeMutableBufferPointer(start: latents[1].base, count: latents[1].count))
    let images = max(0, state.images.total - graph.batch)..<max(graph.batch, state.images.total)
    for network in NetworkRole.allCases { random[network].draw(images) }
    if let mix {
      for i in 0..<mix.count { mix.base[i] = Float(state.mixes.uniform()) }
    }
    // The average starts close to the weights themselves: min(1 - 1 / (t + 1), decay), where t counts what they were trained for.
    let decay = min(1 - 1 / Double(state.earlier + state.iteration + 1), graph.spec.generator.average)
    set(updates.generator, rate: settings.generatorRate, decay: decay)
    set(updates.discriminator, rate: settings.discriminatorRate, decay: 0)
  }

  private func set(_ update: Update, rate: Double, decay: Double) {
    for key in update.keys { state.steps[key, default: 0] += 1 }
    update.step.fill(update.numbers.base, rate: rate, decay: decay, steps: update.keys.map { state.steps[$0]! })
  }
}
