import Basics
import Graph
import Kernels
import Models
import Runs
import Spec

/// Everything that training changes: the variables of both networks, the optimizers' counts, random streams.
package final class TrainingState {
  /// What there is, and of which role.
  package let variables: [Variable]
  /// Their values by ``Variable/key``, which is the name of the training graph's input.
  package let buffers: [String: FloatBuffer]
  /// The buffers' shapes, by the same names.
  package let shapes: [String: [Int]]
  /// Steps of the optimizer that each weight has had, by key. A layer that joins later starts from none.
  package var steps: [String: Int]
  /// Iterations done.
  package var iteration = 0
  /// Real images shown.
  package var images = ImageCount()
  /// Iterations that the weights had in other runs, before this one began with them.
  package var earlier = 0
  /// The last values of terms that are not computed in each iteration, by column.
  package var measured: [String: Float] = [:]
  /// What a probability of changes to images that follows scores has come to.
  package var augment = AdaptiveProbability()
  /// What the watch rules remember.
  package var watch = WatchState()
  package var generatorLatents: RandomStream
  package var discriminatorLatents: RandomStream
  package var mixes: RandomStream

  /// Freshly drawn networks.
  package convenience init(_ spec: ExperimentSpec) { self.init(Networks(spec).variables, seed: spec.seed) }

  /// Fresh values of `variables`.
  package init(_ variables: [Variable], seed: UInt64) {
    self.variables = variables
    generatorLatents = RandomStream(seed: seed, name: "latent.generator")
    discriminatorLatents = RandomStream(seed: seed, name: "latent.discriminator")
    mixes = RandomStream(seed: seed, name: "mix")
    buffers = Dictionary(uniqueKeysWithValues: variables.map { ($0.key, FloatBuffer($0.initialValues(seed: seed))) })
    shapes = Dictionary(uniqueKeysWithValues: variables.map { ($0.key, $0.shape.dims) })
    steps = Dictionary(uniqueKeysWithValues: variables.filter { $0.role == .weight }.map { ($0.key, 0) })
  }

  /// A copy of `other` in memory of its own.
  package init(copying other: TrainingState) {
    variables = other.variables
    buffers = other.buffers.mapValues { FloatBuffer(copying: $0) }
    (shapes, steps, iteration, watch) = (other.shapes, other.steps, other.iteration, other.watch)
    (images, earlier, measured, augment) = (other.images, other.earlier, other.measured, other.augment)
    (generatorLatents, discriminatorLatents, mixes) = (other.generatorLatents, other.discriminatorLatents, other.mixes)
  }

  /// Becomes like `other`, which is of the same networks.
  package func copy(_ other: TrainingState) {
    for (name, buffer) in other.buffers { buffers[name]!.base.update(from: buffer.base, count: buffer.count) }
    (steps, iteration, watch) = (other.steps, other.iteration, other.watch)
    (images, earlier, measured, augment) = (other.images, other.earlier, other.measured, other.augment)
    (generatorLatents, discriminatorLatents, mixes) = (other.generatorLatents, other.discriminatorLatents, other.mixes)
  }

  /// Forgets what the optimizers have gathered.
  package func resetOptimizers() {
    for variable in variables where variable.isSlot {
      let buffer = buffers[variable.key]!
      buffer.base.update(repeating: 0, count: buffer.count)
    }
    for name in steps.keys { steps[name] = 0 }
  }

  /// What the averaged generator draws with: for each of its variables the key and where its value is kept, the average of a weight.
  private var drawn: [(variable: Variable, buffer: FloatBuffer)] {
    variables.filter { $0.network == .generator && [.weight, .statistic].contains($0.role) }.map { variable in
      (variable, buffers[variable.beside(.average).key] ?? buffers[variable.key]!)
    }
  }

  /// The averaged generator's buffers, by the keys of a generator's variables.
  package var averagedGenerator: [String: FloatBuffer] {
    Dictionary(uniqueKeysWithValues: drawn.map { ($0.variable.key, $0.buffer) })
  }

  /// The averaged generator by its variables' names.
  package var generatorTensors: [NamedTensor] {
    drawn.sorted { $0.variable.key < $1.variable.key }.map { variable, buffer in
      NamedTensor(variable.name, .float32, shape: variable.shape.dims, memory: buffer.memory)
    }
  }
}

extension FloatBuffer {
  var memory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: 4 * count) }
}
