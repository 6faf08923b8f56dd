import Kernels

/// One primitive. The conforming type is the only place that knows its shape rule, its derivative, how it runs and what it
/// means.
///
///     let y = try x.apply(SumPool())                                             // [1, 1, 2, 2] becomes [1, 1, 1, 1]
///     SumPool().reference([Values([1, 1, 2, 2], [1, 2, 3, 4])], [1, 1, 1, 1])    // [10]
///     try SumPool().shape([[1, 1, 3, 2]])                                        // throws: needs an image of even sides
package protocol Op: Hashable, Sendable {
  /// The shape of the result, or why these operands cannot be combined.
  func shape(_ x: [Shape]) throws(ShapeError) -> Shape
  /// Cotangents of the operands, built from other ops; `nil` where the derivative is zero. `g` is the cotangent of the
  /// result `y`.
  func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?]
  /// How a plan computes the result.
  func lowering(_ x: [Shape], _ y: Shape) -> Lowering
  /// The definition in Double, as a reader would write it: the oracle of the fast kernel. `y` has the result's count.
  func reference(_ x: [Values], _ y: Shape) -> [Double]
}

/// What a plan does with an op.
package enum Lowering {
  /// Memory from outside the plan, by name.
  case input(String)
  /// One number everywhere.
  case constant(Double)
  /// The first operand's memory from an offset in floats on, nothing to compute.
  case alias(offset: Int)
  /// Part of a tile program: may be fused with its neighbors.
  case tile(TileOp)
  /// A kernel of its own.
  case kernel(Kernel)
}

/// What fusion can do with an op.
package enum TileOp: Hashable, Sendable {
  case map(Map.Function)
  case broadcast
  case sum
  /// Reads stored values of half the sides.
  case upsample
  /// Leaves values of half the sides in memory.
  case pool
}

/// A tensor in Double, for references.
package struct Values {
  package let shape: Shape
  package let data: [Double]

  package init(_ shape: Shape, _ data: [Double]) {
    precondition(shape.count == data.count, "\(data.count) numbers are not a \(shape)")
    self.shape = shape
    self.data = data
  }
}

extension Op {
  package func reject(_ x: [Shape], _ reason: String) -> ShapeError { ShapeError(op: "\(Self.self)", inputs: x, reason: reason) }
}
