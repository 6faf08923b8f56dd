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
  package enum Mode {
    /// Layers use what they see, and may update statistics.
    case training
    /// Layers use their statistics, which stay as they are.
    case drawing
    /// Layers use what they see, and bring the statistics that they draw with up to date: from the images of one of several minibatches,
    /// with this share of what is kept, a scalar (1, 1/2, 1/3 ... for a mean over minibatches).
    case settling(share: Tensor)
  }

  package let graph: Graph
  package let network: NetworkRole
  package let mode: Mode
  /// Whether this is the network that an update changes, and not the other one.
  package let isLearning: Bool
  /// How many independent minibatches the batch axis holds, one after the other.
  package let parts: Int
  /// What leaves the levels that features have passed, by the side of the level's images.
  package var levels: [Int: Tensor] = [:]
  /// What modulated layers are told; nil without a mapping.
  package var style: Style?
  private let record: Record

  /// What a mapping makes of latents, for each layer that asks.
  package struct Style {
    /// `[N, W, 1, 1]`.
    package let own: Tensor
    /// That of other latents, which layers from `crossing` `[N, 1, 1, 1]` on have instead.
    package var other: (style: Tensor, crossing: Tensor)?
  }

  private final class Record {
    var variables: [Variable] = []
    var tensors: [String: Tensor] = [:]
    /// Statistics that were updated, by name, with their newest values.
    var updates: [String: Tensor] = [:]
    /// What is built once, however often the network passes, by name.
    var shared: [String: Tensor] = [:]
    /// How often random numbers were asked for, by name.
    var draws: [String: Int] = [:]
    /// Modulated layers that the network has passed.
    var modulated = 0
  }

  package init(graph: Graph, network: NetworkRole, mode: Mode = .training, isLearning: Bool = true, parts: Int = 1) {
    self.graph = graph
    self.network = network
    self.mode = mode
    self.isLearning = isLearning
    self.parts = parts
    record = Record()
  }

  private init(_ whole: Scope, parts: Int) {
    graph = whole.graph
    network = whole.network
    mode = whole.mode
    isLearning = whole.isLearning
    record = whole.record
    self.parts = parts
    (levels, style) = (whole.levels, whole.style)
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
    if case .drawing = mode { return }
    precondition(record.tensors[name] != nil, "the statistic \(name) was not asked for")
    record.updates[name] = value
  }

  /// Random numbers of each image, `[N, ...]`, fresh each time.
  package func random(_ name: String, _ shape: Shape, _ distribution: Random.Distribution) throws(ShapeError) -> Tensor {
    record.draws[name, default: 0] += 1
    return try graph.add(Random(name: "random.\(network).\(name).\(record.draws[name]!)", shape: shape, distribution))
  }

  /// The style of the next layer that is modulated; nil without a mapping.
  package func nextStyle() throws(ShapeError) -> Tensor? {
    guard let style else { return nil }
    defer { record.modulated += 1 }
    guard let other = style.other else { return style.own }
    // 1 from the layer `crossing` on.
    let isOther = try (Double(record.modulated) + 0.5 - other.crossing).mapped(.slope(0))
    return try style.own + isOther * (other.style - style.own)
  }

  /// What `make` builds, once for all passes of the network.
  package func once(_ name: String, _ make: () throws(ShapeError) -> Tensor) throws(ShapeError) -> Tensor {
    if let made = record.shared[name] { return made }
    let tensor = try make()
    record.shared[name] = tensor
    return tensor
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
