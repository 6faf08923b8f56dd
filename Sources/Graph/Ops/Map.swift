import Foundation

/// One scalar function on every element. Operands have equal shapes.
package struct Map: Op {
  /// The closed set of functions. Each has its value in Double, its derivative, and a tile instruction.
  package enum Function: Hashable, Sendable {
    case add, subtract, multiply
    case scale(Double)
    case offset(Double)
    case squareRoot
    /// `1 / x`, and 0 at 0: then the derivative of a root at 0 is 0, as in PyTorch's deviation and norm, and not infinite.
    case reciprocal
    case sigmoid, tanh
    /// `x` above zero, `slope * x` below.
    case leakyReLU(Double)
    /// The derivative of ``leakyReLU``: 1 above zero, `slope` below.
    case slope(Double)
    /// `e^x`. In a plan, `x` beyond -87 or 87 counts as the nearer of these.
    case exponential
    /// The natural logarithm: minus infinity at 0, not a number for negative `x`. In a plan, numbers below the smallest normal one count as 0.
    case logarithm
    /// `log(1 + e^x)`, for any `x` without overflow.
    case softplus

    package var operandCount: Int {
      switch self {
      case .add, .subtract, .multiply: 2
      default: 1
      }
    }
  }

  package let function: Function
  package init(_ function: Function) { self.function = function }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    guard x.count == function.operandCount, x.allSatisfy({ $0 == x[0] }) else {
      throw reject(x, "\(function) needs \(function.operandCount) operands of one shape")
    }
    return x[0]
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] {
    switch function {
    case .add: [g, g]
    case .subtract: [g, try -g]
    case .multiply where x[0].id == x[1].id: [try g.scaled(by: 2) * x[0], nil]
    case .multiply: [try g * x[1], try g * x[0]]
    case .scale(let factor): [try g.scaled(by: factor)]
    case .offset: [g]
    case .squareRoot: [try g * y.reciprocal().scaled(by: 0.5)]
    case .reciprocal: [try -(g * (y * y))]
    case .sigmoid: [try g * (y * (1 - y))]
    case .tanh: [try g * (1 - y * y)]
    case .leakyReLU(let slope): [try g * x[0].mapped(.slope(slope))]
    case .slope: [nil]  // piecewise constant
    case .exponential: [try g * y]
    case .logarithm: [try g * x[0].reciprocal()]
    case .softplus: [try g * x[0].mapped(.sigmoid)]
    }
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering { .tile(.map(function)) }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let a = x[0].data
    let b = x.last!.data
    return a.indices.map { function.value(a[$0], b[$0]) }
  }
}

extension Map.Function {
  /// The function's value; `b` counts only where there are two operands.
  package func value(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .scale(let factor): a * factor
    case .offset(let term): a + term
    case .squareRoot: a.squareRoot()
    case .reciprocal: a == 0 ? 0 : 1 / a
    case .sigmoid: 1 / (1 + exp(-a))
    case .tanh: Foundation.tanh(a)
    case .leakyReLU(let slope): a > 0 ? a : slope * a
    case .slope(let slope): a > 0 ? 1 : slope
    case .exponential: exp(a)
    case .logarithm: log(a)
    case .softplus: max(a, 0) + log1p(exp(-abs(a)))
    }
  }
}
