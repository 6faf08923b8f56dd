extension Pass {
  /// Drops what does nothing (`x + 0`, `x * 1`, `x * 0`), turns products with constants into scalings, joins scalings, and moves
  /// repetition after a scaling so that the scaling has less to do.
  static let simplify = Pass("simplify") { node, x, graph throws(ShapeError) in
    switch node.op {
    case let sum as SumTo:
      if let value = constant(x[0]) {
        return try graph.add(Constant(shape: sum.to, value: value * Double(x[0].shape.count / sum.to.count)))
      }
    case let broadcast as BroadcastTo:
      if let value = constant(x[0]) { return try graph.add(Constant(shape: broadcast.to, value: value)) }
    case let reshape as Reshape:
      if let value = constant(x[0]) { return try graph.add(Constant(shape: reshape.to, value: value)) }
      if let inner = x[0].op as? Reshape, inner.to != reshape.to { return try x[0].operands[0].reshaped(reshape.to) }
    case let map as Map: return try simplified(map.function, x, graph)
    default: break
    }
    return nil
  }

  private static func constant(_ x: Tensor) -> Double? { (x.op as? Constant)?.value }

  private static func simplified(_ function: Map.Function, _ x: [Tensor], _ graph: Graph) throws(ShapeError) -> Tensor? {
    let values = x.map(constant)
    if let a = values[0], let b = values[values.count - 1] {
      return try graph.add(Constant(shape: x[0].shape, value: function.value(a, b)))
    }
    switch function {
    case .add:
      for (one, other) in [(0, 1), (1, 0)] {
        if let value = values[one] { return value == 0 ? x[other] : try x[other].mapped(.offset(value)) }
      }
      if x[0].id == x[1].id { return try x[0].scaled(by: 2) }
      // a + (-1 * b) is a - b
      if case .scale(-1)? = (x[1].op as? Map)?.function { return try x[0] - x[1].operands[0] }
    case .subtract:
      if values[1] == 0 { return x[0] }
      if values[0] == 0 { return try -x[1] }
    case .multiply:
      for (one, other) in [(0, 1), (1, 0)] {
        guard let value = values[one] else { continue }
        return value == 0 ? x[one] : try x[other].scaled(by: value)
      }
    case .scale(let factor):
      if factor == 0 { return try graph.add(Constant(shape: x[0].shape, value: 0)) }
      if factor == 1 { return x[0] }
      if case .scale(let inner)? = (x[0].op as? Map)?.function { return try x[0].operands[0].scaled(by: factor * inner) }
      if let broadcast = x[0].op as? BroadcastTo { return try x[0].operands[0].scaled(by: factor).broadcast(to: broadcast.to) }
    case .offset(let term):
      if term == 0 { return x[0] }
    default: break
    }
    return nil
  }
}
