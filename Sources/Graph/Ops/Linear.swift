/// An op that is linear in its one operand. Naming the transpose gives the derivative of every order.
package protocol LinearOp: Op {
  associatedtype Transpose: LinearOp
  /// The transpose of this op on an operand of shape `input`.
  func transpose(of input: Shape) -> Transpose
}

extension LinearOp {
  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] {
    [try g.apply(transpose(of: x[0].shape))]
  }
}
