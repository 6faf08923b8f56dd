/// Memory that the plan's user provides: weights, latents, images, alpha, rates.
package struct Input: Op {
  package let name: String
  package let shape: Shape
  package init(name: String, shape: Shape) { (self.name, self.shape) = (name, shape) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape { shape }
  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { [] }
  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .input(name) }
  package func reference(_ x: [Values], _ y: Shape) -> [Double] { preconditionFailure("input '\(name)' was not given") }
}

/// One number everywhere.
package struct Constant: Op {
  package let shape: Shape
  package let value: Double
  package init(shape: Shape, value: Double) { (self.shape, self.value) = (shape, value) }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape { shape }
  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { [] }
  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .constant(value) }
  package func reference(_ x: [Values], _ y: Shape) -> [Double] { Array(repeating: value, count: y.count) }
}

/// Random numbers that the plan's user draws anew before each run, `[N, ...]`, each image's by itself.
package struct Random: Op {
  /// How the numbers of an image are drawn.
  package enum Distribution: Hashable, Sendable {
    /// Normal with mean 0 and deviation 1.
    case normal
    /// Uniform in [0, 1).
    case uniform
    /// 0 with this probability, else 1 / (1 - probability).
    case dropout(Double)
    /// A whole number from 1 to `layers` - 1 with this probability, each equally likely, else `layers`.
    case crossing(layers: Int, probability: Double)
  }

  package let name: String
  package let shape: Shape
  package let distribution: Distribution
  package init(name: String, shape: Shape, _ distribution: Distribution) {
    (self.name, self.shape, self.distribution) = (name, shape, distribution)
  }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape { shape }
  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] { [] }
  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .input(name) }
  package func reference(_ x: [Values], _ y: Shape) -> [Double] { preconditionFailure("random numbers '\(name)' were not given") }
}
