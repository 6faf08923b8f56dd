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
  let settings: WeightSettings

  private var plainBound: Double { 1 / Double(fanIn).squareRoot() }

  /// What drawn weights are multiplied by.
  private var drawGain: Double { (settings.equalizedRate == .none ? settings.gain ?? 1 : 1) / settings.rateFactor }

  var weight: Variable.Initializer {
    func normal(_ deviation: Double) -> Variable.Initializer { .normal(deviation: deviation * drawGain) }
    func uniform(_ bound: Double) -> Variable.Initializer { .uniform(bound: bound * drawGain) }
    let kaiming = (2 / Double(fanIn)).squareRoot()
    return switch settings.initial {
    case .automatic:
      switch settings.equalizedRate {
      case .weight: normal(1)
      case .input, .none: isActivated ? normal(kaiming) : uniform(plainBound)
      }
    case .kaiming: normal(kaiming)
    case .glorot: uniform((6 / Double(fanIn + fanOut)).squareRoot())
    case .uniform: uniform(plainBound)
    case .zero: .constant(0)
    case .deviation(let deviation): normal(deviation)
    }
  }

  var bias: Variable.Initializer {
    switch settings.initial {
    case .automatic where settings.equalizedRate != .weight: .uniform(bound: plainBound / settings.rateFactor)
    case .uniform: .uniform(bound: plainBound / settings.rateFactor)
    default: .constant(0)
    }
  }

  /// The factor on the layer's result, which being linear may stand there as well as on its input or weights.
  var scale: Double {
    let gain = settings.gain
    let factor =
      switch settings.equalizedRate {
      case .none: 1.0
      case .input: isActivated || gain != nil ? ((gain.map { $0 * $0 } ?? 2) / Double(channels)).squareRoot() : 1
      case .weight: gain.map { $0 / Double(fanIn).squareRoot() } ?? ((isActivated ? 2 : 1) / Double(fanIn)).squareRoot()
      }
    return factor * settings.rateFactor
  }
}
