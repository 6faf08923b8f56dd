extension Pass {
  /// Lets a filter gradient add itself to the sum of those before it, instead of writing it out for an addition to read.
  static let accumulateFilterGradients = Pass("accumulate filter gradients") { node, x, graph throws(ShapeError) in
    guard case .add? = (node.op as? Map)?.function else { return nil }
    for (sum, part) in [(x[0], x[1]), (x[1], x[0])] {
      guard var convolution = part.op as? Convolution, convolution.result == .b, !convolution.accumulates, sum.id < part.id else {
        continue
      }
      convolution.accumulates = true
      return try graph.add(convolution, part.operands + [sum])
    }
    return nil
  }
}
