/// Reverse mode, from graph to graph: the derivatives of the scalar `y` with respect to each of `xs`.
///
/// The result is ordinary graph, so calling this on its own output gives derivatives of higher order. Nodes that no target
/// depends on get no derivative, and a target that `y` does not depend on gets zeros.
package func gradients(of y: Tensor, wrt xs: [Tensor]) throws(ShapeError) -> [Tensor] {
  let graph = y.graph
  let targets = Set(xs.map(\.id))
  var active = [Bool](repeating: false, count: y.id + 1)
  for id in 0...y.id { active[id] = targets.contains(id) || graph.nodes[id].inputs.contains { active[$0] } }
  var cotangents: [Int: Tensor] = [y.id: try graph.add(Constant(shape: y.shape, value: 1))]
  for id in (0...y.id).reversed() where active[id] {
    guard let g = cotangents[id] else { continue }
    let node = graph.nodes[id]
    let operands = node.inputs.map { graph[$0] }
    guard node.inputs.contains(where: { active[$0] }) else { continue }
    for (operand, part) in zip(operands, try node.op.vjp(g, operands, graph[id])) where active[operand.id] {
      guard let part else { continue }
      precondition(part.shape == operand.shape, "\(node.op): cotangent \(part.shape) for operand \(operand.shape)")
      if let sum = cotangents[operand.id] { cotangents[operand.id] = try sum + part } else { cotangents[operand.id] = part }
    }
  }
  var result: [Tensor] = []
  for x in xs {
    if let g = cotangents[x.id] { result.append(g) } else { result.append(try graph.add(Constant(shape: x.shape, value: 0))) }
  }
  return result
}
