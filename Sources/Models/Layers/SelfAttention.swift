import Graph
import Spec

/// Each pixel adds what it finds at all others: `x + gamma * o`, `o` the values weighed by the softmax of keys times queries, gamma 0 at
/// first (Zhang et al. 2019, section 3; their code pools keys and values, halves the values, and has no biases).
package struct SelfAttention: Layer {
  /// Channels of the values: all, or half of them and a convolution back.
  package enum ValueWidth: String, CaseIterable, Sendable { case full, half }
  /// What is looked at: all pixels, or the largest of each 2x2 of keys and of values.
  package enum Pool: String, CaseIterable, Sendable { case none, max }

  package struct Settings: Equatable, Sendable {
    package var reduction = 8
    package var value = ValueWidth.full
    package var pool = Pool.none
    package var weights = WeightSettings()
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "self_attention", "Lets each pixel see all others (Zhang et al. 2019)", Settings(),
      fields: [
        Field("reduction", \.reduction, .integer(1...64), "Channels for one channel of queries and keys"),
        Field("value", \.value, .choice, "Channels of the values: all, or half of them and a convolution back"),
        Field("pool", \.pool, .choice, "Whether keys and values are all pixels, or the largest numbers of each 2x2"),
      ], WeightSettings.fields(of: \.weights))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard x.side > 1 else { throw LayerMistake("a single pixel has no others to attend to") }
    guard x.channels >= settings.reduction else {
      throw LayerMistake(
        "\(x.channels) channels are fewer than its reduction of \(settings.reduction)", note: "use a smaller reduction")
    }
    guard settings.pool == .none || x.side % 2 == 0 else { throw LayerMistake("a side of \(x.side) pixels has no half to pool to") }
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
      return try settings.weights.layer(
        "\(name).", shape: [width, inputs, 1, 1], fans: (inputs, width), inputs: inputs, isActivated: false, at: site
      ) { weight throws(ShapeError) in try x.convolved(with: weight) }
    }
    let depth = channels / settings.reduction, width = settings.value == .full ? channels : channels / 2
    func seen(_ name: String, _ width: Int) throws(ShapeError) -> Tensor {
      let all = try projected(x, name, width)
      let kept = settings.pool == .max ? try all.maxPooled() : all
      return try kept.reshaped([batch, width, kept.shape[2] * kept.shape[3]])
    }
    let queries = try projected(x, "query", depth).reshaped([batch, depth, pixels])
    let keys = try seen("key", depth), values = try seen("value", width)
    var found = try values.attended(keys: keys, queries: queries).reshaped([batch, width, x.shape[2], x.shape[3]])
    if settings.value == .half { found = try projected(found, "output", channels) }
    let gamma = try site.weight("gamma", [1], .constant(0)).reshaped([1, 1, 1, 1])
    return try x + gamma * found
  }
}
