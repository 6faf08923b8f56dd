/// A rewriting of a graph that keeps what it computes.
///
/// A pass is one function that is asked about each node in order: it returns the node's replacement, built in the new graph
/// from the node's operands there, or nil to keep the node.
package struct Pass: Sendable {
  package let name: String
  package let rewrite: @Sendable (_ node: Node, _ x: [Tensor], _ graph: Graph) throws(ShapeError) -> Tensor?

  package init(_ name: String, _ rewrite: @escaping @Sendable (Node, [Tensor], Graph) throws(ShapeError) -> Tensor?) {
    (self.name, self.rewrite) = (name, rewrite)
  }

  /// The rewritten graph with the new ids of `wanted`; nodes that nothing wanted depends on are gone.
  package func apply(to old: Graph, wanted: [Int]) throws(ShapeError) -> (graph: Graph, wanted: [Int]) {
    let live = old.live(from: wanted)
    let new = Graph()
    var moved: [Int: Tensor] = [:]
    for (id, node) in old.nodes.enumerated() where live[id] {
      let x = node.inputs.map { moved[$0]! }
      let replacement = if let found = try rewrite(node, x, new) { found } else { try new.add(node.op, x) }
      precondition(replacement.shape == node.shape, "pass '\(name)' changes \(node.op) from \(node.shape) to \(replacement.shape)")
      moved[id] = replacement
    }
    #if DEBUG
      new.check()
    #endif
    return (new, wanted.map { moved[$0]!.id })
  }
}

extension Graph {
  /// Which nodes `wanted` depends on.
  package func live(from wanted: [Int]) -> [Bool] {
    var live = [Bool](repeating: false, count: nodes.count)
    for id in wanted { live[id] = true }
    for id in nodes.indices.reversed() where live[id] { for input in nodes[id].inputs { live[input] = true } }
    return live
  }
}
