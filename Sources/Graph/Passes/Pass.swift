/// A rewriting of a graph that keeps what it computes.
package struct Pass: Sendable {
  /// A graph and the ids of the nodes whose values are wanted.
  package typealias Rewriting = @Sendable (_ old: Graph, _ wanted: [Int]) throws(ShapeError) -> (graph: Graph, wanted: [Int])

  package let name: String
  private let rewriting: Rewriting

  /// A pass that sees the whole graph. Its result has the wanted values in their order.
  package init(_ name: String, whole rewriting: @escaping Rewriting) { (self.name, self.rewriting) = (name, rewriting) }

  /// A pass that is asked about each node in order: it returns the node's replacement, built in the new graph from the node's
  /// operands there, or nil to keep the node.
  package init(_ name: String, _ rewrite: @escaping @Sendable (Node, [Tensor], Graph) throws(ShapeError) -> Tensor?) {
    self.init(
      name,
      whole: { old, wanted throws(ShapeError) in
        try old.rewritten(wanted: wanted) { id, x, new throws(ShapeError) in try rewrite(old.nodes[id], x, new) }
      })
  }

  /// The rewritten graph with the new ids of `wanted`; nodes that nothing wanted depends on are gone.
  package func apply(to old: Graph, wanted: [Int]) throws(ShapeError) -> (graph: Graph, wanted: [Int]) {
    let result = try rewriting(old, wanted)
    #if DEBUG
      result.graph.check()
    #endif
    return result
  }
}

extension Graph {
  /// A new graph with the replacement of each node that `wanted` depends on, as ``Pass`` says.
  package func rewritten(
    wanted: [Int], by rewrite: (_ id: Int, _ x: [Tensor], _ new: Graph) throws(ShapeError) -> Tensor?
  ) throws(ShapeError) -> (graph: Graph, wanted: [Int]) {
    let live = live(from: wanted)
    let new = Graph()
    var moved: [Int: Tensor] = [:]
    for (id, node) in nodes.enumerated() where live[id] {
      let x = node.inputs.map { moved[$0]! }
      let replacement = if let found = try rewrite(id, x, new) { found } else { try new.add(node.op, x) }
      precondition(replacement.shape == node.shape, "\(node.op) was \(node.shape) and is \(replacement.shape) after a pass")
      moved[id] = replacement
    }
    return (new, wanted.map { moved[$0]!.id })
  }

  /// Which nodes `wanted` depends on.
  package func live(from wanted: [Int]) -> [Bool] {
    var live = [Bool](repeating: false, count: nodes.count)
    for id in wanted { live[id] = true }
    for id in nodes.indices.reversed() where live[id] { for input in nodes[id].inputs { live[input] = true } }
    return live
  }
}
