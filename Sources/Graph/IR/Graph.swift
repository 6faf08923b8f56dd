/// An op applied to earlier nodes.
package struct Node: Sendable {
  package let op: any Op
  package let inputs: [Int]
  package let shape: Shape
}

/// An append-only graph: operands come before what uses them, so ids are a topological order.
///
/// Equal ops on equal operands are one node, which is all the sharing of common subexpressions there is to do.
///
///     let graph = Graph()
///     let x = try graph.add(Input(name: "x", shape: [8, 1, 1, 1]))
///     let loss = try x.squared().average()                // the mean of x²
///     let slope = try gradients(of: loss, wrt: [x])[0]    // 2 x / 8, which is graph as well
package final class Graph {
  package private(set) var nodes: [Node] = []
  private var known: [Key: Int] = [:]

  private struct Key: Hashable {
    let op: AnyHashable
    let inputs: [Int]
  }

  package init() {}

  /// The result of `op` on `x`: a new node, or the one that computes it already.
  package func add(_ op: some Op, _ x: [Tensor] = []) throws(ShapeError) -> Tensor {
    for tensor in x { precondition(tensor.graph === self, "an operand belongs to another graph") }
    let inputs = x.map(\.id)
    let key = Key(op: AnyHashable(op), inputs: inputs)
    if let id = known[key] { return Tensor(graph: self, id: id) }
    nodes.append(Node(op: op, inputs: inputs, shape: try op.shape(x.map(\.shape))))
    known[key] = nodes.count - 1
    return Tensor(graph: self, id: nodes.count - 1)
  }

  /// The node's result as a tensor.
  package subscript(id: Int) -> Tensor { Tensor(graph: self, id: id) }

  /// Stops the program unless every node follows its operands and has the shape that its op gives.
  package func check() {
    for (id, node) in nodes.enumerated() {
      precondition(node.inputs.allSatisfy { $0 < id }, "node \(id) (\(node.op)) uses a later node")
      let shape = try? node.op.shape(node.inputs.map { nodes[$0].shape })
      precondition(shape == node.shape, "node \(id) (\(node.op)) has shape \(node.shape), its op gives \(shape as Any)")
    }
  }
}
