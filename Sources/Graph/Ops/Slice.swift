import Kernels

/// The part `range` of one axis: channels `0..<C` of `[N, C + 1, H, W]`, or the first images of a batch.
package struct Slice: LinearOp {
  package let axis: Int
  package let range: Range<Int>
  package init(axis: Int, range: Range<Int>) { (self.axis, self.range) = (axis, range) }

  package func transpose(of input: Shape) -> Embed { Embed(axis: axis, start: range.lowerBound, extent: input[axis]) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].dims.indices.contains(axis), range.upperBound <= x[0][axis] else {
      throw reject(x, "no part \(range) of axis \(axis)")
    }
    return x[0].replacing(axis, with: range.count)
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    let block = StridedCopy(whole: x[0], axis: axis, range: range)
    guard block.outer > 1 else { return .alias(offset: block.offset) }
    return .kernel(.copy(block, .gather))
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let block = StridedCopy(whole: x[0].shape, axis: axis, range: range)
    return (0..<block.outer).flatMap {
      x[0].data[$0 * block.stride + block.offset..<$0 * block.stride + block.offset + block.count]
    }
  }
}

extension StridedCopy {
  /// The part `range` of `axis` in a tensor of shape `whole`.
  init(whole: Shape, axis: Int, range: Range<Int>) {
    let inner = whole.dims[(axis + 1)...].reduce(1, *)
    self.init(
      outer: whole.dims[..<axis].reduce(1, *), stride: whole[axis] * inner, offset: range.lowerBound * inner,
      count: range.count * inner)
  }
}
