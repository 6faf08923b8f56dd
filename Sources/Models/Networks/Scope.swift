import Graph
import Kernels
import Spec

/// A network under construction in a graph. It gives layers their variables and records what they asked for, so that no list repeats them.
///
///     let scale = try scope.weight("norm.scale", [channels], .constant(1))
///     let mean = try scope.statistic("norm.mean", [channels], .constant(0))
///     scope.update("norm.mean", to: try mean.scaled(by: 0.9) + batchMean.scaled(by: 0.1))
package struct Scope {
  /// What the network is built for.
  package enum Mode: Sendable {
    /// Layers use what they see, and may update statistics.
    case training
    /// Layers use their statistics, which stay as they are.
    case drawing
  }

  package let graph: Graph
  package let network: NetworkRole
  package let mode: Mode
  /// How many independent minibatches the batch axis holds, one after the other.
  package let parts: Int
  private let record: Record

  private final class Record {
    var variables: [Variable] = []
    var tensors: [String: Tensor] = [:]
    /// Statistics that were updated, by name, with their newest values.
    var updates: [String: Tensor] = [:]
  }

  package init(graph: Graph, network: NetworkRole, mode: Mode = .training, parts: Int = 1) {
    self.graph = graph
    self.network = network
    self.mode = mode
    self.parts = parts
    record = Record()
  }

  private init(_ whole: Scope, parts: Int) {
    graph = whole.graph
    network = whole.network
    mode = whole.mode
    record = whole.record
    self.parts = parts
  }

  /// The same network for `parts` minibatches at once.
  package func divided(into parts: Int) -> Scope { Scope(self, parts: parts) }

  /// The weight `name` of the network.
  package func weight(_ name: String, _ shape: Shape, _ initializer: Variable.Initializer) throws(ShapeError) -> Tensor {
    try tensor(Variable(network: network, name: name, shape: shape, role: .weight, initializer: initializer))
  }

  /// The statistic `name` of the network; after an ``update(_:to:)`` its new value.
  package func statistic(_ name: String, _ shape: Shape, _ initializer: Variable.Initializer) throws(ShapeError) -> Tensor {
    let old = try tensor(Variable(network: network, name: name, shape: shape, role: .statistic, initializer: initializer))
    return record.updates[name] ?? old
  }

  /// Lets the statistic `name`, which was asked for, be `value` from the end of the iteration's step on. A network that draws keeps it.
  package func update(_ name: String, to value: Tensor) {
    guard mode == .training else { return }
    precondition(record.tensors[name] != nil, "the statistic \(name) was not asked for")
    record.updates[name] = value
  }

  /// What was asked for, each once, in order.
  package var variables: [Variable] { record.variables }

  /// The weights among them, and the tensors that hold them.
  package var weights: (variables: [Variable], tensors: [Tensor]) {
    let weights = record.variables.filter { $0.role == .weight }
    return (weights, weights.map { record.tensors[$0.name]! })
  }

  /// What puts the new values of updated statistics in their places; nil when there is none.
  package var updates: Effect? {
    let updated = record.variables.filter { record.updates[$0.name] != nil }
    guard !updated.isEmpty else { return nil }
    return Effect(
      "update \(network)", operands: updated.map { record.updates[$0.name]! }, targets: updated.map { record.tensors[$0.name]! },
      kernel: .assign(counts: updated.map(\.shape.count)))
  }

  private func tensor(_ variable: Variable) throws(ShapeError) -> Tensor {
    if let tensor = record.tensors[variable.name] { return tensor }
    let tensor = try graph.add(Input(name: variable.key, shape: variable.shape))
    record.variables.append(variable)
    record.tensors[variable.name] = tensor
    return tensor
  }
}
