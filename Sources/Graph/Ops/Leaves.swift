import Basics

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

/// How numbers of an image are drawn that belong together.
package protocol ImageDraw: Hashable, Sendable {
  /// Blocks of a stream that `count` numbers take; always as many.
  func blocks(_ count: Int) -> Int
  /// Draws the numbers of an image. `probability` is that of a change, where the rule has none of its own.
  func draw(_ stream: inout RandomStream, probability: Double, _ values: UnsafeMutableBufferPointer<Float>)
}

/// An ``ImageDraw`` of any type.
package struct DrawRule: Hashable, Sendable {
  package let draw: any ImageDraw

  package init(_ draw: any ImageDraw) { self.draw = draw }

  package static func == (left: DrawRule, right: DrawRule) -> Bool { AnyHashable(left.draw) == AnyHashable(right.draw) }
  package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(draw)) }
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
    /// By a rule of whoever builds the graph.
    case rule(DrawRule)
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
