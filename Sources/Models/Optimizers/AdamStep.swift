import Graph
import Kernels
import Spec

/// One step of Adam for the parameters of a network that a phase trains, with the moving average if the network has one.
package struct AdamStep {
  package let settings: AdamSettings
  package let network: String
  package let parameters: [Parameter]
  /// Whether `average.<parameter>` follows the weights.
  package let averages: Bool

  /// The input with this step's numbers: rate, decay, and both corrections of each parameter.
  package var numbersName: String { "step.\(network)" }
  package var numbersCount: Int { 2 + 2 * parameters.count }

  /// Names of the moments' inputs.
  package static func moment(_ order: Int, _ network: String, _ parameter: Parameter) -> String {
    "moment\(order).\(network).\(parameter.name)"
  }

  /// The effect that applies `gradients`, one per parameter.
  package func effect(_ gradients: [Tensor], in scope: NetworkScope) throws(ShapeError) -> Effect {
    var targets: [Tensor] = []
    for parameter in parameters {
      targets.append(try scope.tensor(parameter))
      func add(_ name: String) throws(ShapeError) { targets.append(try scope.graph.add(Input(name: name, shape: parameter.shape))) }
      if settings.hasFirstMoment { try add(Self.moment(1, network, parameter)) }
      try add(Self.moment(2, network, parameter))
      if averages { try add("average.\(parameter.name)") }
    }
    let numbers = try scope.graph.add(Input(name: numbersName, shape: [numbersCount]))
    return Effect(
      "adam \(network)", operands: gradients + [numbers], targets: targets,
      kernel: .adam(settings, counts: parameters.map(\.shape.count), averages: averages))
  }
}

extension AdamSettings {
  /// The settings that a spec declares.
  package init(_ spec: AdamSpec) {
    self.init(beta1: Float(spec.beta1), beta2: Float(spec.beta2), epsilon: Float(spec.epsilon))
  }
}
