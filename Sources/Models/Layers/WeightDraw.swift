import Spec

/// How the weights and biases of a layer are drawn, and what the layer's result is scaled by.
struct WeightDraw {
  let fanIn: Int
  let fanOut: Int
  let channels: Int
  /// Whether an activation follows.
  let isActivated: Bool
  let initial: InitialDraw
  let rate: EqualizedRate
  let gain: Double?

  private var plainBound: Double { 1 / Double(fanIn).squareRoot() }

  var weight: Variable.Initializer {
    switch initial {
    case .automatic:
      switch rate {
      case .weight: .normal(deviation: 1)
      case .input, .none: isActivated ? .normal(deviation: (2 / Double(fanIn)).squareRoot()) : .uniform(bound: plainBound)
      }
    case .kaiming: .normal(deviation: (2 / Double(fanIn)).squareRoot())
    case .glorot: .normal(deviation: (2 / Double(fanIn + fanOut)).squareRoot())
    case .uniform: .uniform(bound: plainBound)
    case .zero: .constant(0)
    }
  }

  var bias: Variable.Initializer {
    switch initial {
    case .automatic where rate != .weight: .uniform(bound: plainBound)
    case .uniform: .uniform(bound: plainBound)
    default: .constant(0)
    }
  }

  /// The factor on the layer's result, which being linear may stand there as well as on its input or weights.
  var scale: Double {
    switch rate {
    case .none: gain ?? 1
    case .input: isActivated || gain != nil ? ((gain.map { $0 * $0 } ?? 2) / Double(channels)).squareRoot() : 1
    case .weight:
      if let gain { gain / Double(fanIn).squareRoot() } else { ((isActivated ? 2 : 1) / Double(fanIn)).squareRoot() }
    }
  }
}
