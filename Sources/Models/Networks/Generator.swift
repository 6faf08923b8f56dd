import Graph
import Spec

/// The generator: a ladder from latents at 4x4 or 1x1, one level for each doubling, and at each resolution a list to RGB.
package struct Generator: Sendable {
  package let spec: GeneratorSpec

  package init(_ spec: GeneratorSpec) { self.spec = spec }

  /// The shape of `count` latents.
  package func latentShape(count: Int) -> Shape {
    [count, spec.latents.channels, spec.latents.side, spec.latents.side]
  }

  func ladderLevel(_ level: Int) -> LayerSequence {
    let own = spec.ladderLevel(level)
    return LayerSequence(layers: own.layers, place: own.place, name: "blocks.\(level)")
  }

  func toRGB(_ level: Int) -> LayerSequence {
    LayerSequence(
      layers: spec.toRGB, place: LayerPlace(entering: spec.widths[level], leaving: 3), name: "to_rgb.\(level)", isNamedByFirst: true
    )
  }

  /// Images `[N, 3, R, R]`, R = 4 * 2^level, from latents.
  ///
  /// - Parameter alpha: how far the level has faded in, a scalar in (0, 1]; nil when it has altogether.
  package func callAsFunction(_ latent: Tensor, level: Int, alpha: Tensor?, in scope: Scope) throws(ShapeError) -> Tensor {
    var x = spec.latentNorm ? try PixelNorm(.init(form: .epsilonInside, epsilon: 1e-8))(latent) : latent
    var below = x
    for k in 0...level {
      below = x
      x = try ladderLevel(k)(x, in: scope)
    }
    var image = try toRGB(level)(x, in: scope)
    if let alpha, level > 0 {
      let small = try toRGB(level - 1)(below, in: scope).apply(UpsampleNearest())
      image = try (1 - alpha) * small + alpha * image
    }
    return switch spec.output {
    case .sigmoid: try image.mapped(.sigmoid)
    case .tanh: try image.mapped(.tanh)
    case .linear: image
    }
  }
}
