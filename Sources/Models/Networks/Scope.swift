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
    /// What each layer is told, one after the other, `[K N, W, 1, 1]`, where somebody asks how images depend on it.
    var layers: Tensor?

    package init(own: Tensor) { self.own = own }

    /// What layer `index` is told.
    func told(_ index: Int) throws(ShapeError) -> Tensor {
      guard let other else { return own }
      // 1 from the layer `crossing` on.
      let isOther = try (Double(index) + 0.5 - other.crossing).mapped(.slope(0))
      return try own + isOther * (other.style - own)
    }
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
    let keepsStyles: Bool
    var layerStyles: Tensor?

    init(keepsStyles: Bool) { self.keepsStyles = keepsStyles }
  }

  /// - Parameter keepsStyles: whether somebody asks how images depend on what each modulated layer is told.
  package init(
    graph: Graph, network: NetworkRole, mode: Mode = .training, isLearning: Bool = true, parts: Int = 1, keepsStyles: Bool = false
  ) {
    self.graph = graph
    self.network = network
    self.mode = mode
    self.isLearning = isLearning
    self.parts = parts
    record = Record(keepsStyles: keepsStyles)
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

  /// The number `name` that a loss term keeps, a scalar; after an ``update(_:to:)`` its new value.
  package func kept(_ name: String) throws(ShapeError) -> Tensor {
    let old = try tensor(.kept(name, of: network))
    return record.updates[name] ?? old
  }

  /// Lets the statistic or number `name`, which was asked for, be `value` from the end of the iteration's step on. A network that draws keeps it.
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
    guard let layers = style.layers else { return try style.told(record.modulated) }
    let batch = style.own.shape[0]
    return try layers.apply(Slice(axis: 0, range: record.modulated * batch..<(record.modulated + 1) * batch))
  }

  /// Lets a pass keep what each of its `count` modulated layers is told, for ``layerStyles``.
  mutating func keepStyles(count: Int) throws(ShapeError) {
    guard record.keepsStyles, let style else { return }
    var each: [Tensor] = []
    for index in 0..<count { each.append(try style.told(index)) }
    record.layerStyles = try graph.add(Concatenate(axis: 0), each)
    self.style?.layers = record.layerStyles
  }

  /// What the layers of the last pass were told, one after the other, `[K N, W, 1, 1]`, if it was kept.
  package var layerStyles: Tensor? { record.layerStyles }

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
