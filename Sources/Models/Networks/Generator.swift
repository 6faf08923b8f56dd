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
    LayerSequence(layers: spec.toRGB, place: spec.rgbPlace(level), name: "to_rgb.\(level)", isNamedByFirst: true)
  }

  var mapping: LayerSequence {
    LayerSequence(layers: spec.mapping, place: LayerPlace(entering: spec.latent, leaving: spec.latent), name: "mapping")
  }

  /// Images `[N, 3, R, R]`, R = 4 * 2^level, from latents.
  ///
  /// - Parameters:
  ///   - alpha: how far the level has faded in, a scalar in (0, 1]; nil when it has altogether.
  ///   - truncation: what is kept of styles' distance to their mean; nil for all.
  package func callAsFunction(
    _ latent: Tensor, level: Int, alpha: Tensor?, in scope: Scope, truncation: Truncation? = nil
  ) throws(ShapeError) -> Tensor {
    var scope = scope
    var x = try mapped(latent, level: level, in: &scope)
    if let truncation, let style = scope.style {
      x = try truncation.mean + truncation.share * (style.own - truncation.mean)
      scope.style = Scope.Style(own: x)
    }
    var below = x
    // The sum of images of the levels so far, or that of the last.
    var (image, smaller): (Tensor?, Tensor?)
    for k in 0...level {
      below = x
      x = try ladderLevel(k)(x, in: scope)
      scope.levels[Resolution.side(level: k)] = x
      guard spec.combine == .skip else { continue }
      let own = try toRGB(k)(x, in: scope)
      smaller = try image?.apply(UpsampleNearest()).blurred()
      image = if let smaller { try smaller + own } else { own }
    }
    var whole = if let image { image } else { try toRGB(level)(x, in: scope) }
    if let alpha, level > 0 {
      let small = if let smaller { smaller } else { try toRGB(level - 1)(below, in: scope).apply(UpsampleNearest()) }
      whole = try (1 - alpha) * small + alpha * whole
    }
    return switch spec.output {
    case .sigmoid: try whole.mapped(.sigmoid)
    case .tanh: try whole.mapped(.tanh)
    case .linear: whole
    }
  }

  /// Styles nearer to their mean, which gives calmer images that differ less (Karras et al. 2019, appendix B).
  package struct Truncation {
    /// A scalar from 0 to 1.
    package let share: Tensor
    /// The mean style, `[1, W, 1, 1]`.
    package let mean: Tensor

    package init(share: Tensor, mean: Tensor) { (self.share, self.mean) = (share, mean) }
  }

  /// The styles `[N, W, 1, 1]` of latents.
  package func styles(_ latent: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    var scope = scope
    return try mapped(latent, level: 0, in: &scope)
  }

  /// What enters the ladder, and in `scope` what modulated layers are told.
  private func mapped(_ latent: Tensor, level: Int, in scope: inout Scope) throws(ShapeError) -> Tensor {
    func mapped(_ latent: Tensor) throws(ShapeError) -> Tensor {
      let x = spec.latentNorm ? try PixelNorm(.init(form: .epsilonInside, epsilon: 1e-8))(latent) : latent
      return try mapping(x, in: scope)
    }
    let own = try mapped(latent)
    guard !spec.mapping.isEmpty else { return own }
    scope.style = Scope.Style(own: own)
    let layers = modulatedCount(level)
    guard case .training = scope.mode, spec.styleMixing > 0, layers > 1 else {
      try scope.keepStyles(count: layers)
      return own
    }
    let other = try mapped(scope.random("mixing.latent", latent.shape, .normal))
    let crossing = try scope.random(
      "mixing.layer", [latent.shape[0], 1, 1, 1], .crossing(layers: layers, probability: spec.styleMixing))
    scope.style?.other = (other, crossing)
    try scope.keepStyles(count: layers)
    return own
  }

  /// Modulated layers that images at `level` pass.
  func modulatedCount(_ level: Int) -> Int {
    let levels = (0...level).flatMap { spec.ladderLevel($0).layers }
    return (levels + spec.toRGB).reduce(0) { $0 + $1.modulatedCount } + (spec.combine == .skip ? level : 0)
      * spec.toRGB.reduce(0) { $0 + $1.modulatedCount }
  }
}
