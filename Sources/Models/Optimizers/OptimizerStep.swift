import Graph
import Kernels
import Spec

/// One update of the weights of a network that are trained at a level, with their moving average if the network has one.
package struct OptimizerStep {
  package let optimizer: any Optimizer
  package let step: TrainingStep
  package let weights: [Variable]

  package init(_ optimizer: any Optimizer, _ step: TrainingStep, _ weights: [Variable]) {
    self.optimizer = optimizer
    self.step = step
    self.weights = weights
  }

  /// Whether `average.<weight>` follows the weights: once an iteration.
  private var averages: Bool { Networks.isAveraged(step.network) && !step.isLazy }

  /// The input with this step's numbers: rate, decay, and those of each weight.
  package var numbersName: String { "step.\(step.name)" }
  package var numbersCount: Int { 2 + weights.count * optimizer.numbers(step: 1).count }

  /// Writes the numbers of weights that have these steps.
  package func fill(_ numbers: UnsafeMutablePointer<Float>, rate: Double, decay: Double, steps: [Int]) {
    numbers[0] = Float(rate)
    numbers[1] = Float(decay)
    var place = 2
    for step in steps {
      for number in optimizer.numbers(step: step) {
        numbers[place] = number
        place += 1
      }
    }
  }

  /// The effect that applies `gradients`, one for each weight.
  package func effect(_ gradients: [Tensor], in graph: Graph) throws(ShapeError) -> Effect {
    var targets: [Tensor] = []
    for weight in weights {
      let roles = [.weight] + optimizer.slots.map(Variable.Role.slot) + (averages ? [.average] : [])
      for role in roles { targets.append(try graph.add(Input(name: weight.beside(role).key, shape: weight.shape))) }
    }
    let numbers = try graph.add(Input(name: numbersName, shape: [numbersCount]))
    return Effect(
      "\(type(of: optimizer).key) \(step.name)", operands: gradients + [numbers], targets: targets,
      kernel: optimizer.kernel(counts: weights.map(\.shape.count), averages: averages))
  }
}
