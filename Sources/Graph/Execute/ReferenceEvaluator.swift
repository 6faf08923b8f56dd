/// Computes a graph in Double from the definitions of its ops: the oracle for plans, and sharp enough for difference quotients.
package struct ReferenceEvaluator {
  package var inputs: [String: [Double]]

  package init(inputs: [String: [Double]]) { self.inputs = inputs }

  /// The values of `tensors`.
  package func values(_ tensors: [Tensor]) -> [[Double]] {
    guard let graph = tensors.first?.graph else { return [] }
    let live = graph.live(from: tensors.map(\.id))
    var known: [Int: Values] = [:]
    for (id, node) in graph.nodes.enumerated() where live[id] {
      if let name = (node.op as? Input)?.name ?? (node.op as? Random)?.name {
        guard let data = inputs[name] else { preconditionFailure("no values for input '\(name)'") }
        known[id] = Values(node.shape, data)
      } else {
        known[id] = Values(node.shape, node.op.reference(node.inputs.map { known[$0]! }, node.shape))
      }
    }
    return tensors.map { known[$0.id]!.data }
  }
}
