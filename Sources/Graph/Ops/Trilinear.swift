import Kernels

/// An argument of a form T(a, b, c) that is linear in each.
package enum Slot: Int, CaseIterable, Sendable { case a, b, c }

/// One partial derivative of a trilinear form. Differentiating swaps slots, so the three results are closed under it.
package protocol TrilinearOp: Op {
  /// The slot this op computes; its operands fill the other two, in order.
  var result: Slot { get set }
}

extension TrilinearOp {
  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { try partials(g, x) }

  /// The cotangents of both operands: the same form with another slot as its result.
  package func partials(_ g: Tensor, _ x: [Tensor]) throws(ShapeError) -> [Tensor?] {
    let operands = Slot.allCases.filter { $0 != result }
    var filled = Dictionary(uniqueKeysWithValues: zip(operands, x))
    filled[result] = g
    var parts: [Tensor?] = []
    for slot in operands {
      var other = self
      other.result = slot
      parts.append(try g.graph.add(other, Slot.allCases.filter { $0 != slot }.map { filled[$0]! }))
    }
    return parts
  }
}
