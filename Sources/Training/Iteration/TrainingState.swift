import Basics
import Graph
import Kernels
import Models
import Spec

/// Everything that training changes: weights, their moving average, Adam's moments and counts, random streams.
package final class TrainingState {
  /// By the names of the training graph's inputs: `generator.<parameter>`, `discriminator.<parameter>`,
  /// `average.<parameter>`, `moment1.` and `moment2.<network>.<parameter>`.
  package private(set) var buffers: [String: FloatBuffer] = [:]
  /// The buffers' shapes, by the same names.
  package private(set) var shapes: [String: [Int]] = [:]
  /// Steps of Adam that each parameter has had, by `<network>.<parameter>`. A layer that joins later starts from none.
  package var steps: [String: Int] = [:]
  /// Iterations done.
  package var iteration = 0
  /// Real images shown.
  package var images = ImageCount()
  /// Iterations that the weights had in other runs, before this one began with them.
  package var earlier = 0
  /// What the watch rules remember.
  package var watch = WatchState()
  package var generatorLatents: RandomStream
  package var discriminatorLatents: RandomStream
  package var mixes: RandomStream

  /// Freshly drawn networks.
  package init(_ spec: ExperimentSpec) {
    generatorLatents = RandomStream(seed: spec.seed, name: "latent.generator")
    discriminatorLatents = RandomStream(seed: spec.seed, name: "latent.discriminator")
    mixes = RandomStream(seed: spec.seed, name: "mix")
    add(Generator(spec.generator).parameters, Generator.network, spec.optimizer.generator, spec.seed, averages: true)
    add(
      Discriminator(spec.discriminator).parameters, Discriminator.network, spec.optimizer.discriminator, spec.seed, averages: false)
  }

  /// A copy of `other` in memory of its own.
  package init(copying other: TrainingState) {
    buffers = other.buffers.mapValues { FloatBuffer(copying: $0) }
    (shapes, steps, iteration, watch) = (other.shapes, other.steps, other.iteration, other.watch)
    (images, earlier) = (other.images, other.earlier)
    (generatorLatents, discriminatorLatents, mixes) = (other.generatorLatents, other.discriminatorLatents, other.mixes)
  }

  private func add(_ parameters: [Parameter], _ network: String, _ adam: AdamSpec, _ seed: UInt64, averages: Bool) {
    for parameter in parameters {
      func add(_ name: String, _ buffer: FloatBuffer) { (buffers[name], shapes[name]) = (buffer, parameter.shape.dims) }
      let values = parameter.initialValues(seed: seed, network: network)
      add("\(network).\(parameter.name)", FloatBuffer(values))
      if averages { add("average.\(parameter.name)", FloatBuffer(values)) }
      if adam.beta1 != 0 { add(AdamStep.moment(1, network, parameter), FloatBuffer(count: values.count)) }
      add(AdamStep.moment(2, network, parameter), FloatBuffer(count: values.count))
      steps["\(network).\(parameter.name)"] = 0
    }
  }

  /// Becomes like `other`, which is of the same networks.
  package func copy(_ other: TrainingState) {
    for (name, buffer) in other.buffers { buffers[name]!.base.update(from: buffer.base, count: buffer.count) }
    (steps, iteration, watch) = (other.steps, other.iteration, other.watch)
    (images, earlier) = (other.images, other.earlier)
    (generatorLatents, discriminatorLatents, mixes) = (other.generatorLatents, other.discriminatorLatents, other.mixes)
  }

  /// Forgets what Adam has gathered.
  package func resetOptimizers() {
    for (name, buffer) in buffers where name.hasPrefix("moment") { buffer.base.update(repeating: 0, count: buffer.count) }
    for name in steps.keys { steps[name] = 0 }
  }

  /// The averaged generator's buffers, named as a generator's parameters.
  package var averagedGenerator: [String: FloatBuffer] {
    var result: [String: FloatBuffer] = [:]
    for (name, buffer) in buffers where name.hasPrefix("average.") {
      result["\(Generator.network).\(name.dropFirst("average.".count))"] = buffer
    }
    return result
  }
}
