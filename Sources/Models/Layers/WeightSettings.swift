import Graph
import Spec

/// How the weights of a linear layer are drawn, scaled and normalized, and whether it has a bias: settings that several kinds share.
package struct WeightSettings: Equatable, Sendable {
  package var bias = true
  package var initial = InitialDraw.automatic
  package var equalizedRate = EqualizedRate.none
  package var gain: Double?
  package var rateFactor = 1.0
  package var spectralNorm = SpectralNorm.none

  package init() {}

  /// The fields of those that every such layer has.
  static func fields<Root>(of path: WritableKeyPath<Root, WeightSettings>) -> [Field<Root>] {
    [
      Field("bias", path.appending(path: \.bias), .flag, "Whether a number is added to each channel"),
      Field("initial", path.appending(path: \.initial), .draw, "How weights are drawn, or the deviation of a normal draw"),
      Field(
        "spectral_norm", path.appending(path: \.spectralNorm), .choice,
        "Divides the weights by their largest singular value: as of each pass (PyTorch), as of each step (Zhang et al. 2019), or not"
      ),
    ]
  }

  /// The fields of all.
  static func allFields<Root>(of path: WritableKeyPath<Root, WeightSettings>) -> [Field<Root>] {
    fields(of: path) + [
      Field(
        "equalized_rate", path.appending(path: \.equalizedRate), .choice,
        "What the learning rate is equalized by: the scaled input, the scaled weights, or nothing"),
      Field(
        "gain", path.appending(path: \.gain), .either("automatic", or: .number(.above(0)), blank: 1),
        "What scaled weights are multiplied by; automatic is sqrt(2) before an activation, else 1. Without scaling it multiplies the draw"
      ),
      Field(
        "rate_factor", path.appending(path: \.rateFactor), .number(.above(0, to: 1)),
        "What the learning rate of its weights and biases is multiplied by in effect: they are stored divided by it"),
    ]
  }

  /// What does not go together.
  func check() throws(LayerMistake) {
    guard spectralNorm == .none || equalizedRate == .none else {
      throw LayerMistake(
        "spectral_norm undoes what equalized_rate: \(equalizedRate) scales",
        note: "use equalized_rate: none, or spectral_norm: none")
    }
  }

  /// What a layer's result is multiplied by.
  func factor(_ fans: (in: Int, out: Int), inputs: Int, isActivated: Bool) -> Double {
    WeightDraw(fanIn: fans.in, fanOut: fans.out, channels: inputs, isActivated: isActivated, settings: self).scale
  }

  /// What a linear layer with these settings makes of features.
  ///
  /// - Parameters:
  ///   - name: what its variables' names end with, each behind this, as in `query.` for `query.weight`.
  ///   - shape: of the weight.
  ///   - axis: of the weight's channels that leave.
  ///   - fans: numbers that each result sees, and results that see each number.
  ///   - inputs: channels that enter.
  ///   - apply: the layer without all that these settings are about, `[N, outputs, H, W]`.
  func layer(
    _ name: String = "", shape: Shape, axis: Int = 0, fans: (in: Int, out: Int), inputs: Int, isActivated: Bool, at site: LayerSite,
    _ apply: (Tensor) throws(ShapeError) -> Tensor
  ) throws(ShapeError) -> Tensor {
    let draw = WeightDraw(
      fanIn: fans.in, fanOut: fans.out, channels: inputs, isActivated: isActivated, settings: self)
    let weight = try site.weight("\(name)weight", shape, draw.weight)
    var y = try apply(weight).scaled(by: draw.scale)
    if let factor = try spectralNorm.factor(of: weight, axis: axis, "\(site.name).\(name)u", batch: y.shape[0], in: site.scope) {
      y = try y * factor
    }
    guard bias else { return y }
    let channels = y.shape[1]
    return try y
      + site.weight("\(name)bias", [channels], draw.bias).scaled(by: rateFactor).reshaped([1, channels, 1, 1])
  }
}
