extension Pass {
  /// Computes filter gradients that are added up as one, over their batches together, where the filter is larger than the
  /// images: it is then written once instead of being read and written for each.
  static let mergeFilterGradients = Pass("merge filter gradients") { node, x, graph throws(ShapeError) in
    guard case .add? = (node.op as? Map)?.function, let a = x[0].op as? Convolution, let b = x[1].op as? Convolution else {
      return nil
    }
    // Batches of groups do not lie one after the other.
    guard a.result == .b, !a.accumulates, !b.accumulates, a.extents.groups == 1 else { return nil }
    var merged = a
    merged.extents.batch = b.extents.batch
    guard merged == b else { return nil }
    merged.extents.batch = a.extents.batch + b.extents.batch
    guard merged.extents.imageCount + merged.extents.outputCount < merged.extents.filterCount else { return nil }
    func joined(_ slot: Int) throws(ShapeError) -> Tensor {
      let parts = x.flatMap { $0.operands[slot].op is Concatenate ? $0.operands[slot].batches : [$0.operands[slot]] }
      return try graph.add(Concatenate(axis: 0), parts)
    }
    return try graph.add(merged, [joined(0), joined(1)])
  }
}

extension Tensor {
  /// The operands of a concatenation along the batch; of one along another axis, itself.
  fileprivate var batches: [Tensor] { (op as? Concatenate)?.axis == 0 ? operands : [self] }
}
