/// Sums blocks of 2x2 pixels: `[N, C, 2H, 2W]` to `[N, C, H, W]`. Four times the average pooling.
package struct SumPool: LinearOp {
  package init() {}

  package func transpose(of input: Shape) -> UpsampleNearest { UpsampleNearest() }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].rank == 4, x[0][2] % 2 == 0, x[0][3] % 2 == 0 else { throw reject(x, "needs an image of even sides") }
    return [x[0][0], x[0][1], x[0][2] / 2, x[0][3] / 2]
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .tile(.pool) }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let (height, width) = (y[2], y[3])
    return (0..<y.count).map { i in
      let (plane, row, column) = (i / (height * width), i / width % height, i % width)
      let corner = (plane * 2 * height + 2 * row) * 2 * width + 2 * column
      return x[0].data[corner] + x[0].data[corner + 1] + x[0].data[corner + 2 * width] + x[0].data[corner + 2 * width + 1]
    }
  }
}
