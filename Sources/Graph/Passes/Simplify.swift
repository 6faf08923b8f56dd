extension Pass {
  /// Drops what does nothing (`x + 0`, `x * 1`, `x * 0`, an order of axes that is undone, a detachment, since
  /// derivatives are there), turns products with constants into scalings, joins scalings, moves
  /// repetition after a scaling so that the scaling has less to do, and asks for a sign where it is easiest to know.
  static let simplify = Pass("simplify") { node, x, graph throws(ShapeError) in
    switch node.op {
    case is Detach: return x[0]
    case let sum as SumTo:
      if let value = constant(x[0]) {
        return try graph.add(Constant(shape: sum.to, value: value * Double(x[0].shape.count / sum.to.count)))
      }
    case let broadcast as BroadcastTo:
      if let value = constant(x[0]) { return try graph.add(Constant(shape: broadcast.to, value: value)) }
    case let reshape as Reshape:
      if let value = constant(x[0]) { return try graph.add(Constant(shape: reshape.to, value: value)) }
      if let inner = x[0].op as? Reshape, inner.to != reshape.to { return try x[0].operands[0].reshaped(reshape.to) }
    case let permute as Permute:
      if let value = constant(x[0]) {
        return try graph.add(Constant(shape: Shape(permute.axes.map { x[0].shape[$0] }), value: value))
      }
      if let inner = x[0].op as? Permute { return try x[0].operands[0].permuted(permute.axes.map { inner.axes[$0] }) }
    case let map as Map: return try simplified(map.function, x, graph)
    default: break
    }
    return nil
  }

  private static func constant(_ x: Tensor) -> Double? { (x.op as? Constant)?.value }

  /// Whether every number is known to be above zero.
  private static func isPositive(_ x: Tensor) -> Bool {
    if x.op is BroadcastTo || x.op is Reshape { return isPositive(x.operands[0]) }
    switch (x.op as? Map)?.function {
    case .reciprocal: return isPositive(x.operands[0])
    case .scale(let factor): return factor > 0 && isPositive(x.operands[0])
    case .offset(let term):
      guard term > 0 else { return false }
      if case .squareRoot? = (x.operands[0].op as? Map)?.function { return true }
      return isPositive(x.operands[0])
    default: return false
    }
  }

  private static func scaling(_ x: Tensor) -> (x: Tensor, factor: Double)? {
    guard case .scale(let factor)? = (x.op as? Map)?.function else { return nil }
    return (x.operands[0], factor)
  }

  private static func apply(_ function: Map.Function, _ x: Tensor...) throws(ShapeError) -> Tensor {
    if let simpler = try simplified(function, x, x[0].graph) { return simpler }
    return try x[0].graph.add(Map(function), x)
  }

  /// `factor * one * other` with the factor where the fewest numbers are, if an operand is repeated.
  private static func scaled(_ one: Tensor, _ other: Tensor, by factor: Double) throws(ShapeError) -> Tensor? {
    for (full, repeated) in [(one, other), (other, one)] {
      guard let broadcast = repeated.op as? BroadcastTo else { continue }
      return try apply(.multiply, full, apply(.scale(factor), repeated.operands[0]).broadcast(to: broadcast.to))
    }
    return nil
  }

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
      if x[0].id == x[1].id { return try apply(.scale(2), x[0]) }
      if let (a, factor) = scaling(x[0]), let (b, same) = scaling(x[1]), factor == same {
        return try apply(.scale(factor), apply(.add, a, b))
      }
      // a + (-1 * b) is a - b
      if case .scale(-1)? = (x[1].op as? Map)?.function { return try x[0] - x[1].operands[0] }
    case .subtract:
      if values[1] == 0 { return x[0] }
      if values[0] == 0 { return try -x[1] }
    case .multiply:
      for (one, other) in [(0, 1), (1, 0)] {
        guard let value = values[one] else { continue }
        return value == 0 ? x[one] : try apply(.scale(value), x[other])
      }
      for (one, other) in [(0, 1), (1, 0)] {
        guard let (inner, factor) = scaling(x[one]) else { continue }
        if let product = try scaled(inner, x[other], by: factor) { return product }
        return try apply(.scale(factor), apply(.multiply, inner, x[other]))
      }
    case .scale(let factor):
      if factor == 0 { return try graph.add(Constant(shape: x[0].shape, value: 0)) }
      if factor == 1 { return x[0] }
      if let (inner, other) = scaling(x[0]) { return try apply(.scale(factor * other), inner) }
      if let broadcast = x[0].op as? BroadcastTo {
        return try apply(.scale(factor), x[0].operands[0]).broadcast(to: broadcast.to)
      }
      if case .multiply? = (x[0].op as? Map)?.function {
        return try scaled(x[0].operands[0], x[0].operands[1], by: factor)
      }
    case .offset(let term):
      if term == 0 { return x[0] }
    case .slope:
      guard case .multiply? = (x[0].op as? Map)?.function else { break }
      let (a, b) = (x[0].operands[0], x[0].operands[1])
      if isPositive(b) { return try apply(function, a) }
      if isPositive(a) { return try apply(function, b) }
    default: break
    }
    return nil
  }
}
