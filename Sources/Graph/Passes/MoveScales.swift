extension Pass {
  /// Scales the smallest of a convolution's image, filter and output instead of a much larger one: it is linear in each.
  static let moveScales = Pass(
    "move scales",
    whole: { old, wanted throws(ShapeError) in
      var readers = [Int](repeating: 0, count: old.nodes.count)
      let live = old.live(from: wanted)
      for (id, node) in old.nodes.enumerated() where live[id] { for input in node.inputs { readers[input] += 1 } }
      for id in wanted { readers[id] += 1 }
      return try old.rewritten(wanted: wanted) { id, x, new throws(ShapeError) in
        let node = old.nodes[id]
        switch node.op {
        case let convolution as Convolution: return try moved(convolution, node.shape, x, new)
        case let map as Map:
          guard case .scale(let factor) = map.function, let convolution = x[0].op as? Convolution, readers[node.inputs[0]] == 1
          else {
            return nil
          }
          var operands = x[0].operands
          let smallest = operands[0].shape.count < operands[1].shape.count ? 0 : 1
          guard !convolution.accumulates, isWorthwhile(from: node.shape.count, to: operands[smallest].shape.count) else {
            return nil
          }
          operands[smallest] = try operands[smallest].scaled(by: factor)
          return try new.add(convolution, operands)
        default: return nil
        }
      }
    })

  /// Scaling is free while elementwise work passes by, so a place of its own must be small.
  private static func isWorthwhile(from: Int, to: Int) -> Bool { 8 * to <= from }

  /// The convolution without the scaling of its operands, where another place for it is smaller.
  private static func moved(
    _ convolution: Convolution, _ result: Shape, _ x: [Tensor], _ graph: Graph
  ) throws(ShapeError) -> Tensor? {
    guard !convolution.accumulates else { return nil }
    for (one, other) in [(0, 1), (1, 0)] {
      guard case .scale(let factor)? = (x[one].op as? Map)?.function else { continue }
      let smallest = min(x[other].shape.count, result.count)
      guard isWorthwhile(from: x[one].shape.count, to: smallest) else { continue }
      var operands = x
      operands[one] = x[one].operands[0]
      if smallest == result.count { return try graph.add(convolution, operands).scaled(by: factor) }
      operands[other] = try operands[other].scaled(by: factor)
      return try graph.add(convolution, operands)
    }
    return nil
  }
}
