/// Repeats each pixel twice along both axes: `[N, C, H, W]` to `[N, C, 2H, 2W]`.
package struct UpsampleNearest: LinearOp {
  package init() {}

  package func transpose(of input: Shape) -> SumPool { SumPool() }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].rank == 4 else { throw reject(x, "needs an image") }
    return [x[0][0], x[0][1], 2 * x[0][2], 2 * x[0][3]]
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .tile(.upsample) }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let (height, width) = (y[2], y[3])
    return (0..<y.count).map { i in
      let (plane, row, column) = (i / (height * width), i / width % height, i % width)
      return x[0].data[(plane * (height / 2) + row / 2) * (width / 2) + column / 2]
    }
  }
}
