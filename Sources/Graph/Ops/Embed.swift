import Kernels

/// The transpose of ``Slice``: the operand as a part of an axis of `extent`, zeros around it.
package struct Embed: LinearOp {
  package let axis: Int
  package let start: Int
  package let extent: Int
  package init(axis: Int, start: Int, extent: Int) { (self.axis, self.start, self.extent) = (axis, start, extent) }

  package func transpose(of input: Shape) -> Slice { Slice(axis: axis, range: start..<start + input[axis]) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].dims.indices.contains(axis), start + x[0][axis] <= extent else {
      throw reject(x, "does not fit at \(start) into \(extent) along axis \(axis)")
    }
    return x[0].replacing(axis, with: extent)
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    .kernel(.copy(StridedCopy(whole: y, axis: axis, range: start..<start + x[0][axis]), .embed))
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let block = StridedCopy(whole: y, axis: axis, range: start..<start + x[0].shape[axis])
    var result = [Double](repeating: 0, count: y.count)
    for i in 0..<block.outer {
      for j in 0..<block.count { result[i * block.stride + block.offset + j] = x[0].data[i * block.count + j] }
    }
    return result
  }
}
