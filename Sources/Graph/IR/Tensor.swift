/// A node's result, with the verbs that build more graph from it.
///
///     let centered = try x - x.mean(to: [1, 16, 1, 1])    // x is [N, 16, H, W]: each channel less its mean
///     let norms = try centered.squared().sum(to: [x.shape[0], 1, 1, 1]).squareRoot()
package struct Tensor {
  package let graph: Graph
  package let id: Int

  package var shape: Shape { graph.nodes[id].shape }
  package var op: any Op { graph.nodes[id].op }
  package var operands: [Tensor] { graph.nodes[id].inputs.map { graph[$0] } }

  /// `op` with this tensor as its first operand.
  package func apply(_ op: some Op, _ rest: Tensor...) throws(ShapeError) -> Tensor { try graph.add(op, [self] + rest) }
}

/// Formulas. Operators throw, so one `try` covers a whole formula; operands of smaller shape are repeated to the larger one.
extension Tensor {
  package static func + (a: Tensor, b: Tensor) throws(ShapeError) -> Tensor { try binary(.add, a, b) }
  package static func - (a: Tensor, b: Tensor) throws(ShapeError) -> Tensor { try binary(.subtract, a, b) }
  package static func * (a: Tensor, b: Tensor) throws(ShapeError) -> Tensor { try binary(.multiply, a, b) }
  package static prefix func - (a: Tensor) throws(ShapeError) -> Tensor { try a.scaled(by: -1) }
  package static func + (a: Tensor, b: Double) throws(ShapeError) -> Tensor { try a.mapped(.offset(b)) }
  package static func - (a: Double, b: Tensor) throws(ShapeError) -> Tensor { try b.scaled(by: -1).mapped(.offset(a)) }

  package func mapped(_ function: Map.Function) throws(ShapeError) -> Tensor { try apply(Map(function)) }
  package func scaled(by factor: Double) throws(ShapeError) -> Tensor { factor == 1 ? self : try mapped(.scale(factor)) }
  package func squared() throws(ShapeError) -> Tensor { try self * self }
  package func squareRoot() throws(ShapeError) -> Tensor { try mapped(.squareRoot) }
  package func reciprocal() throws(ShapeError) -> Tensor { try mapped(.reciprocal) }
  package func exponential() throws(ShapeError) -> Tensor { try mapped(.exponential) }
  package func logarithm() throws(ShapeError) -> Tensor { try mapped(.logarithm) }
  package func softplus() throws(ShapeError) -> Tensor { try mapped(.softplus) }

  /// Repeats axes of extent 1 up to `shape`.
  package func broadcast(to shape: Shape) throws(ShapeError) -> Tensor {
    shape == self.shape ? self : try apply(BroadcastTo(to: shape))
  }
  /// Sums every axis whose extent in `shape` is 1.
  package func sum(to shape: Shape) throws(ShapeError) -> Tensor { shape == self.shape ? self : try apply(SumTo(to: shape)) }
  /// The mean over every axis whose extent in `shape` is 1.
  package func mean(to shape: Shape) throws(ShapeError) -> Tensor {
    try sum(to: shape).scaled(by: Double(shape.count) / Double(self.shape.count))
  }
  /// The same numbers in another shape.
  package func reshaped(_ shape: Shape) throws(ShapeError) -> Tensor { shape == self.shape ? self : try apply(Reshape(to: shape)) }
  /// The axes in another order: axis i of the result is axis `axes[i]`.
  package func permuted(_ axes: [Int]) throws(ShapeError) -> Tensor {
    axes == Array(shape.dims.indices) ? self : try apply(Permute(axes: axes))
  }
  /// The largest number over every axis whose extent in `shape` is 1; it has no derivative.
  package func maximum(to shape: Shape) throws(ShapeError) -> Tensor { shape == self.shape ? self : try apply(MaxTo(to: shape)) }
  /// The same numbers, through which nothing is differentiated.
  package func detached() throws(ShapeError) -> Tensor { try apply(Detach()) }
  /// The sum of all elements, `[1, 1, 1, 1]`.
  package func total() throws(ShapeError) -> Tensor {
    try sum(to: Shape(Array(repeating: 1, count: shape.rank))).reshaped(.scalar)
  }
  /// The mean of all elements, `[1, 1, 1, 1]`.
  package func average() throws(ShapeError) -> Tensor { try total().scaled(by: 1 / Double(shape.count)) }

  private static func binary(_ function: Map.Function, _ a: Tensor, _ b: Tensor) throws(ShapeError) -> Tensor {
    guard a.shape != b.shape else { return try a.apply(Map(function), b) }
    guard a.shape.rank == b.shape.rank else { return try a.apply(Map(function), b) }  // which says what is wrong
    let shape = Shape(zip(a.shape.dims, b.shape.dims).map { max($0, $1) })
    return try a.broadcast(to: shape).apply(Map(function), b.broadcast(to: shape))
  }
}
