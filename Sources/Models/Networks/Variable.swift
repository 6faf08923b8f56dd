import Basics
import Graph
import Spec

/// A tensor that training changes: a weight, or what is kept beside one.
package struct Variable: Hashable, Sendable {
  /// What changes it, and when.
  package enum Role: Hashable, Sendable {
    /// The optimizer, by its gradient.
    case weight
    /// The layer that it belongs to, by what it sees, as a running mean.
    case statistic
    /// The loss term that it belongs to, in its network's steps.
    case kept
    /// The moving average of a weight.
    case average
    /// What an optimizer keeps for a weight, as Adam's `moment2`.
    case slot(String)
  }

  /// Its values before training.
  package enum Initializer: Hashable, Sendable {
    case constant(Float)
    case normal(deviation: Double, mean: Double = 0)
    /// Uniform in [-bound, bound].
    case uniform(bound: Double)
    /// Normal, then divided by its length.
    case direction
  }

  package let network: NetworkRole
  /// Within its network: `blocks.0.conv1.weight`.
  package let name: String
  package let shape: Shape
  package let role: Role
  package let initializer: Initializer

  /// The name of the graph's input that holds it, and of a checkpoint's tensor: `generator.blocks.0.conv1.weight`,
  /// `average.blocks.0.conv1.weight`, `moment2.discriminator.head.bias`.
  package var key: String {
    switch role {
    case .weight, .statistic, .kept: "\(network).\(name)"
    case .average: "average.\(name)"
    case .slot(let slot): "\(slot).\(network).\(name)"
    }
  }

  /// The number `name` that a loss term of `network` keeps.
  static func kept(_ name: String, of network: NetworkRole) -> Variable {
    Variable(network: network, name: name, shape: .scalar, role: .kept, initializer: .constant(0))
  }

  /// Whether an optimizer keeps it.
  package var isSlot: Bool { if case .slot = role { true } else { false } }

  /// The variable that is kept beside a weight in `role`.
  package func beside(_ role: Role) -> Variable {
    Variable(
      network: network, name: name, shape: shape, role: role, initializer: role == .average ? initializer : .constant(0))
  }

  /// Fresh values: of a weight and its average from the stream `initial.<network>.<name>`.
  package func initialValues(seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, name: "initial.\(network).\(name)")
    switch initializer {
    case .constant(let value): return [Float](repeating: value, count: shape.count)
    case .normal(let deviation, let mean): return stream.normals(shape.count).map { $0 * Float(deviation) + Float(mean) }
    case .direction:
      let values = stream.normals(shape.count).map(Double.init)
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { Float($0 / length) }
    case .uniform(let bound): return (0..<shape.count).map { _ in Float(stream.uniform(in: -bound...bound)) }
    }
  }
}
