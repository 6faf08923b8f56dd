import Kernels

/// The axes in another order: axis i of the result is axis `axes[i]` of the operand. `[0, 2, 1]` swaps rows and columns of a batch of
/// matrices.
package struct Permute: LinearOp {
  package let axes: [Int]
  package init(axes: [Int]) { self.axes = axes }

  package func transpose(of input: Shape) -> Permute { inverse }

  /// The permutation that undoes this one.
  package var inverse: Permute {
    var inverse = [Int](repeating: 0, count: axes.count)
    for (index, axis) in axes.enumerated() { inverse[axis] = index }
    return Permute(axes: inverse)
  }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, axes.sorted() == Array(x[0].dims.indices) else { throw reject(x, "\(axes) does not order its axes") }
    return Shape(axes.map { x[0][$0] })
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    // Axes of extent 1 may go anywhere.
    let long = axes.filter { x[0][$0] > 1 }
    return long == long.sorted() ? .alias(offset: 0) : .kernel(.permute(from: x[0].dims, axes: axes))
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    var strides = [Int](repeating: 1, count: y.rank)
    for axis in 0..<y.rank { strides[axis] = x[0].shape.dims[(axes[axis] + 1)...].reduce(1, *) }
    return (0..<y.count).map { index in
      var (rest, place) = (index, 0)
      for axis in (0..<y.rank).reversed() {
        place += rest % y[axis] * strides[axis]
        rest /= y[axis]
      }
      return x[0].data[place]
    }
  }
}
