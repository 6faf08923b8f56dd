import Kernels

/// A small tensor of given numbers, in row-major order: a filter that is not learned.
package struct Literal: Op {
  package let shape: Shape
  package let values: [Float]
  package init(_ shape: Shape, _ values: [Float]) { (self.shape, self.values) = (shape, values) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.isEmpty, values.count == shape.count else { throw reject(x, "\(values.count) numbers do not fill \(shape)") }
    return shape
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { [] }
  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .kernel(.literal(values)) }
  package func reference(_ x: [Values], _ y: Shape) -> [Double] { values.map(Double.init) }
}
