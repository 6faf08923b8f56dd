import Graph
import Spec

/// Each pixel adds what it finds at all others: `x + gamma * o`, `o` the values weighed by the softmax of keys times queries, gamma 0 at
/// first (Zhang et al. 2019, section 3; without pooled keys and without an own last convolution unless values are halved).
package struct SelfAttention: Layer {
  /// Channels of the values: all, or half of them and a convolution back.
  package enum ValueWidth: String, CaseIterable, Sendable { case full, half }

  package struct Settings: Equatable, Sendable {
    package var reduction = 8
    package var value = ValueWidth.full
    package var bias = true
    package var initial = InitialDraw.automatic
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "self_attention", "Lets each pixel see all others (Zhang et al. 2019)", Settings(),
      Field("reduction", \.reduction, .integer(1...64), "Channels for one channel of queries and keys"),
      Field("value", \.value, .choice, "Channels of the values: all, or half of them and a convolution back"),
      Field("bias", \.bias, .flag, "Whether its convolutions add a number to each channel"),
      Field("initial", \.initial, .draw, "How weights are drawn, or the deviation of a normal draw"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.side > 1 else { throw LayerMistake("a single pixel has no others to attend to") }
    guard x.channels >= settings.reduction else {
      throw LayerMistake(
        "\(x.channels) channels are fewer than its reduction of \(settings.reduction)", note: "use a smaller reduction")
    }
    guard settings.value == .full || x.channels > 1 else { throw LayerMistake("a single channel has no half") }
    // The weights of all pairs of pixels.
    guard x.side <= 128 else { throw LayerMistake("\(x.side)x\(x.side) pixels have too many pairs", note: "128x128 at most") }
    return x
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let (batch, channels, pixels) = (x.shape[0], x.shape[1], x.shape[2] * x.shape[3])
    func projected(_ x: Tensor, _ name: String, _ width: Int) throws(ShapeError) -> Tensor {
      let inputs = x.shape[1]
      let draw = WeightDraw(
        fanIn: inputs, fanOut: width, channels: inputs, isActivated: false, initial: settings.initial, rate: .none, gain: nil)
      let y = try x.convolved(with: site.weight("\(name).weight", [width, inputs, 1, 1], draw.weight))
      guard settings.bias else { return y }
      return try y + site.weight("\(name).bias", [width], draw.bias).reshaped([1, width, 1, 1])
    }
    let depth = channels / settings.reduction, width = settings.value == .full ? channels : channels / 2
    let queries = try projected(x, "query", depth).reshaped([batch, depth, pixels])
    let keys = try projected(x, "key", depth).reshaped([batch, depth, pixels])
    let values = try projected(x, "value", width).reshaped([batch, width, pixels])
    // Rows are keys, columns queries; each column sums to 1.
    let weights = try keys.product(queries, transposingLeft: true).softmax(axis: 1)
    var found = try values.product(weights).reshaped([batch, width, x.shape[2], x.shape[3]])
    if settings.value == .half { found = try projected(found, "output", channels) }
    let gamma = try site.weight("gamma", [1], .constant(0)).reshaped([1, 1, 1, 1])
    return try x + gamma * found
  }
}
