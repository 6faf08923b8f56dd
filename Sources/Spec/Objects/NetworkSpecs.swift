/// What a convolution sees beyond the border.
package enum PaddingMode: String, CaseIterable, Sendable { case reflect, zeros }

/// The function after the last alpha blend; it also fixes the range of real images: [0, 1] for sigmoid, else [-1, 1].
package enum OutputRange: String, CaseIterable, Sendable { case sigmoid, tanh, linear }

/// What enters the generator: a normal `[latent, 4, 4]` grid, or a vector of length `latent`.
package enum LatentForm: String, CaseIterable, Sendable { case grid, vector }

/// `generator`.
package struct GeneratorSpec: Equatable, Sendable {
  package var latent: Int
  package var latentForm = LatentForm.grid
  /// Divides each latent by its root mean square.
  package var latentNorm = false
  /// Channels that leave each level, 4x4 first.
  package var widths: [Int]
  /// What layers of each kind are unless they say otherwise.
  package var layers: [Choice]
  /// From latents to features at 4x4.
  package var start: [LayerSpec] = []
  /// From the features of one resolution to those of the next.
  package var block: [LayerSpec] = []
  /// By resolution.
  package var at: [Int: LevelSpec] = [:]
  /// From features to an image.
  package var toRGB: [LayerSpec] = []
  package var output = OutputRange.sigmoid
  /// Decay of the moving average that samples are drawn from.
  package var average = 0.995
}

/// `discriminator`.
package struct DiscriminatorSpec: Equatable, Sendable {
  /// Channels that leave the end.
  package var top: Int
  /// Channels that enter each level, 4x4 first.
  package var widths: [Int]
  /// What layers of each kind are unless they say otherwise.
  package var layers: [Choice]
  /// From an image to features.
  package var fromRGB: [LayerSpec] = []
  /// From the features of one resolution to those of half of it.
  package var block: [LayerSpec] = []
  /// From features at 4x4.
  package var end: [LayerSpec] = []
  /// By resolution.
  package var at: [Int: LevelSpec] = [:]
  /// To scores.
  package var head: [LayerSpec] = []
}

/// The layers of one level of a ladder, one after the other, and what leaves them.
package struct LadderLevel: Sendable {
  /// Each with its name among those of the level.
  package let layers: [LayerSpec]
  /// Where each stands in the spec, as in `generator.block.conv1`.
  package let paths: [String]
  package let place: LayerPlace
  package let entering: Features
  package let leaving: Features
}

extension LevelSpec {
  /// The layers of a level whose own list is `standard`, at `path` of the network `network`, and where each stands in the spec.
  fileprivate static func joined(
    _ spec: LevelSpec?, _ standard: [LayerSpec], network: String, path: String, side: Int
  ) -> (layers: [LayerSpec], paths: [String]) {
    let at = "\(network).at.\(side)"
    let parts: [([LayerSpec], String)] = [
      (spec?.before ?? [], "\(at).before"), spec?.block.map { ($0, "\(at).block") } ?? (standard, "\(network).\(path)"),
      (spec?.after ?? [], "\(at).after"),
    ]
    return (parts.flatMap(\.0), parts.flatMap { list, path in list.names.map { "\(path).\($0)" } })
  }
}

extension [Int: LevelSpec] {
  /// The kinds of all layers.
  fileprivate var kinds: Set<String> { values.reduce(into: []) { $0.formUnion(($1.before + ($1.block ?? []) + $1.after).kinds) } }
}

extension GeneratorSpec {
  /// The kinds of all layers.
  var kinds: Set<String> { (start + block + toRGB).kinds.union(at.kinds) }

  /// What enters the first layer.
  package var latents: Features { Features(channels: latent, side: latentForm == .grid ? 4 : 1) }

  /// The layers at 4 << `level`.
  package func ladderLevel(_ level: Int) -> LadderLevel {
    let (side, below) = (4 << level, level == 0 ? latent : widths[level - 1])
    let (layers, paths) = LevelSpec.joined(
      at[side], level == 0 ? start : block, network: "generator", path: level == 0 ? "start" : "block", side: side)
    return LadderLevel(
      layers: layers, paths: paths, place: LayerPlace(entering: below, leaving: widths[level]),
      entering: level == 0 ? latents : Features(channels: below, side: side / 2),
      leaving: Features(channels: widths[level], side: side))
  }
}

extension DiscriminatorSpec {
  /// The kinds of all layers.
  var kinds: Set<String> { (fromRGB + block + end + head).kinds.union(at.kinds) }

  /// The layers at 4 << `level`. Those at 4x4 may leave any side.
  package func ladderLevel(_ level: Int) -> LadderLevel {
    let (side, below) = (4 << level, level == 0 ? top : widths[level - 1])
    let (layers, paths) = LevelSpec.joined(
      at[side], level == 0 ? end : block, network: "discriminator", path: level == 0 ? "end" : "block", side: side)
    return LadderLevel(
      layers: layers, paths: paths, place: LayerPlace(entering: widths[level], leaving: below),
      entering: Features(channels: widths[level], side: side), leaving: Features(channels: below, side: side / 2))
  }
}
