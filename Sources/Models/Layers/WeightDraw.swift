import Spec

/// How weights are drawn: `automatic` as the equalized rate has it; `kaiming` N(0, 2 / fan in); `glorot` uniform with the variance
/// 2 / (fan in + fan out); `uniform` between -1 / sqrt(fan in) and its opposite as in PyTorch; `zero`; or N(0, deviation^2). All but
/// `automatic` and `uniform` have zero biases.
package enum InitialDraw: Hashable, Sendable {
  case automatic, kaiming, glorot, uniform, zero
  case deviation(Double)

  /// Those that have a name.
  static let words: [(name: String, draw: InitialDraw)] = [
    ("automatic", .automatic), ("kaiming", .kaiming), ("glorot", .glorot), ("uniform", .uniform), ("zero", .zero),
  ]
}

extension FieldType where Value == InitialDraw {
  /// A name, or a deviation.
  static var draw: Self {
    .words(InitialDraw.words.map { ($0.name, $0.draw) }, or: .number(.above(0)), InitialDraw.deviation) {
      if case .deviation(let number) = $0 { number } else { nil }
    }
  }
}

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
    case .glorot: .uniform(bound: (6 / Double(fanIn + fanOut)).squareRoot())
    case .uniform: .uniform(bound: plainBound)
    case .zero: .constant(0)
    case .deviation(let deviation): .normal(deviation: deviation)
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
