import Kernels

/// Sums every axis whose extent in `to` is 1: `[N, C, H, W]` to `[N, 1, 1, 1]`.
package struct SumTo: LinearOp {
  package let to: Shape
  package init(to: Shape) { self.to = to }

  package func transpose(of input: Shape) -> BroadcastTo { BroadcastTo(to: input) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].covers(to) else { throw reject(x, "cannot sum to \(to)") }
    return to
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    let sum = TileSpace.Sum(operand: x[0], result: y)
    guard TileSpace.fitting(x[0], shapes: [x[0], y], sums: [sum]) != nil else { return .kernel(.fold(from: x[0].dims, to: y.dims)) }
    return .tile(.sum)
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    var sums = [Double](repeating: 0, count: y.count)
    for (i, value) in x[0].data.enumerated() { sums[y.fold(i, of: x[0].shape)] += value }
    return sums
  }
}
