/// The same numbers in row-major order, in another shape.
package struct Reshape: LinearOp {
  package let to: Shape
  package init(to: Shape) { self.to = to }

  package func transpose(of input: Shape) -> Reshape { Reshape(to: input) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].count == to.count else { throw reject(x, "does not fill \(to)") }
    return to
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .alias(offset: 0) }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] { x[0].data }
}
