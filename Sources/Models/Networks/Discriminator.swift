import Graph
import Spec

/// The discriminator, in WGAN a critic: a ladder from an image down to 4x4, and a list to scores.
package struct Discriminator: Sendable {
  package let spec: DiscriminatorSpec

  package init(_ spec: DiscriminatorSpec) { self.spec = spec }

  func ladderLevel(_ level: Int, of top: Int) -> LayerSequence {
    let own = spec.ladderLevel(level, of: top)
    return LayerSequence(layers: own.layers, place: own.place, name: "blocks.\(level)")
  }

  func fromRGB(_ level: Int) -> LayerSequence {
    LayerSequence(
      layers: spec.fromRGB, place: LayerPlace(entering: 3, leaving: spec.widths[level]), name: "from_rgb.\(level)",
      isNamedByFirst: true)
  }

  var head: LayerSequence {
    LayerSequence(layers: spec.head, place: LayerPlace(entering: spec.top, leaving: 1), name: "head", isNamedByFirst: true)
  }

  /// Scores `[N, 1, S, S]` of images `[N, 3, R, R]`, R = 4 * 2^level; S is 1 for most networks.
  ///
  /// - Parameter alpha: how far the level has faded in, a scalar in (0, 1]; nil when it has altogether.
  package func callAsFunction(_ image: Tensor, level: Int, alpha: Tensor?, in scope: Scope) throws(ShapeError) -> Tensor {
    var scope = scope
    var x = try ladderLevel(level, of: level)(fromRGB(level)(image, in: scope), in: scope)
    if let alpha, level > 0 {
      let small = try fromRGB(level - 1)(image.apply(SumPool()).scaled(by: 0.25), in: scope)
      x = try (1 - alpha) * small + alpha * x
    }
    for k in (0..<level).reversed() {
      scope.levels[Resolution.side(level: k + 1)] = x
      x = try ladderLevel(k, of: level)(x, in: scope)
    }
    return try head(x, in: scope)
  }
}
