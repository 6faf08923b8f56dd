import Kernels

/// Repeats every axis whose extent is 1: `[1, C, 1, 1]` to `[N, C, H, W]`.
package struct BroadcastTo: LinearOp {
  package let to: Shape
  package init(to: Shape) { self.to = to }

  package func transpose(of input: Shape) -> SumTo { SumTo(to: input) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, to.covers(x[0]) else { throw reject(x, "cannot repeat to \(to)") }
    return to
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    guard TileSpace.fitting(y, shapes: [x[0], y], sums: []) != nil else { return .kernel(.unfold(from: x[0].dims, to: y.dims)) }
    return .tile(.broadcast)
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    (0..<y.count).map { x[0].data[x[0].shape.fold($0, of: y)] }
  }
}
