import Kernels

extension Pass {
  /// Makes nearest-neighbor upsampling part of the convolution that follows it, in all three slots: its kernels then work
  /// at low resolution, with 2.25 times fewer operations for a 3x3 filter.
  static let foldUpsampling = Pass("fold upsampling") { node, x, graph throws(ShapeError) in
    switch node.op {
    case let convolution as Convolution
    where convolution.result != .a && x[0].op is UpsampleNearest && convolution.extents.upsampling == 1:
      return try graph.add(convolution.overUpsampled(), [x[0].operands[0], x[1]])
    case is SumPool:
      guard let convolution = x[0].op as? Convolution, convolution.result == .a, convolution.extents.upsampling == 1 else {
        return nil
      }
      return try graph.add(convolution.overUpsampled(), x[0].operands)
    default: return nil
    }
  }
}

extension Convolution {
  /// The same form with the upsampling inside.
  fileprivate func overUpsampled() -> Convolution {
    var other = self
    other.extents.upsampling = 2
    other.extents.height /= 2
    other.extents.width /= 2
    return other
  }
}
