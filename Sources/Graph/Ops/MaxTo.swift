import Kernels

/// The largest number over every axis whose extent in `to` is 1: `[N, I, J]` to `[N, I, 1]`.
///
/// It has no derivative: it is for shifts that cancel, as in a softmax.
package struct MaxTo: Op {
  package let to: Shape
  package init(to: Shape) { self.to = to }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == 1, x[0].covers(to) else { throw reject(x, "cannot take maxima to \(to)") }
    return to
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { [nil] }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .kernel(.maximum(from: x[0].dims, to: y.dims)) }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    var largest = [Double](repeating: -.infinity, count: y.count)
    for (i, value) in x[0].data.enumerated() {
      let place = y.fold(i, of: x[0].shape)
      if value > largest[place] { largest[place] = value }
    }
    return largest
  }
}
