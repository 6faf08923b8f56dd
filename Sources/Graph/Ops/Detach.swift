import Kernels

/// The same numbers, taken for constants: nothing is differentiated through them.
package struct Detach: Op {
  package init() {}

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1 else { throw reject(x, "needs one operand") }
    return x[0]
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { [nil] }
  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .alias(offset: 0) }
  package func reference(_ x: [Values], _ y: Shape) -> [Double] { x[0].data }
}
