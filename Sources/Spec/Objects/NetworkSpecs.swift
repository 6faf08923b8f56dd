/// What a convolution sees beyond the border.
package enum PaddingMode: String, CaseIterable, Sendable { case reflect, zeros }

/// The function after the last alpha blend; it also fixes the range of real images: [0, 1] for sigmoid, else [-1, 1].
package enum OutputRange: String, CaseIterable, Sendable { case sigmoid, tanh, linear }

/// What an image is made of: what `to_rgb` makes of the last features, or the sum of that at all resolutions, each doubled by the filter
/// [1, 3, 3, 1] (Karras et al. 2020).
package enum RGBCombination: String, CaseIterable, Sendable { case last, skip }

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
  /// From latents to what modulated layers are told, and what the ladder begins with.
  package var mapping: [LayerSpec] = []
  /// The probability that layers from a random one on are told what another latent says.
  package var styleMixing = 0.0
  /// From latents to features at 4x4.
  package var start: [LayerSpec] = []
  /// From the features of one resolution to those of the next.
  package var block: [LayerSpec] = []
  /// By resolution.
  package var at: [Int: LevelSpec] = [:]
  /// From features to an image.
  package var toRGB: [LayerSpec] = []
  package var combine = RGBCombination.last
  package var output = OutputRange.sigmoid
  /// The moving average that samples are drawn from.
  package var average = AverageSpec(decay: 0.995)
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
  /// What is changed at random in images that it sees; nil: nothing.
  package var augment: AugmentSpec?
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
  var kinds: Set<String> { (mapping + start + block + toRGB).kinds.union(at.kinds) }

  /// What enters the mapping, or without one the first layer of the ladder.
  package var latents: Features { Features(channels: latent, side: latentForm == .grid ? 4 : 1) }

  /// What enters the ladder. The mapping has been checked.
  package var mapped: Features {
    guard !mapping.isEmpty else { return latents }
    return (try? mapping.features(of: latents, at: LayerPlace(entering: latent, leaving: latent), in: "mapping")) ?? latents
  }

  /// Channels that the mapping tells modulated layers; nil without a mapping.
  private var style: Int? { mapping.isEmpty ? nil : mapped.channels }

  /// The place of `to_rgb` at 4 << `level`.
  package func rgbPlace(_ level: Int) -> LayerPlace {
    var place = LayerPlace(entering: widths[level], leaving: 3)
    (place.earlier, place.style) = (earlier(level + 1), style)
    return place
  }

  /// What leaves the levels below `level`, by side.
  private func earlier(_ level: Int) -> [Int: Features] {
    Dictionary(uniqueKeysWithValues: (0..<level).map { (4 << $0, Features(channels: widths[$0], side: 4 << $0)) })
  }

  /// The layers at 4 << `level`.
  package func ladderLevel(_ level: Int) -> LadderLevel {
    let (side, below) = (4 << level, level == 0 ? mapped.channels : widths[level - 1])
    let (layers, paths) = LevelSpec.joined(
      at[side], level == 0 ? start : block, network: "generator", path: level == 0 ? "start" : "block", side: side)
    var place = LayerPlace(entering: below, leaving: widths[level])
    (place.earlier, place.style) = (earlier(level), style)
    return LadderLevel(
      layers: layers, paths: paths, place: place, entering: level == 0 ? mapped : Features(channels: below, side: side / 2),
      leaving: Features(channels: widths[level], side: side))
  }
}

extension DiscriminatorSpec {
  /// The kinds of all layers.
  var kinds: Set<String> { (fromRGB + block + end + head).kinds.union(at.kinds) }

  /// The layers at 4 << `level`. Those at 4x4 may leave any side.
  ///
  /// - Parameter highest: the level of the images that it sees.
  package func ladderLevel(_ level: Int, of highest: Int) -> LadderLevel {
    let (side, below) = (4 << level, level == 0 ? top : widths[level - 1])
    let (layers, paths) = LevelSpec.joined(
      at[side], level == 0 ? end : block, network: "discriminator", path: level == 0 ? "end" : "block", side: side)
    var place = LayerPlace(entering: widths[level], leaving: below)
    for k in level + 1..<max(level, highest) + 1 { place.earlier[4 << k] = Features(channels: widths[k - 1], side: 2 << k) }
    return LadderLevel(
      layers: layers, paths: paths, place: place,
      entering: Features(channels: widths[level], side: side), leaving: Features(channels: below, side: side / 2))
  }
}

extension ExperimentSpec {
  /// The levels at which networks make and see images, in the order in which a schedule comes to them: those of its phases, and that below
  /// each which fades in.
  package var imageLevels: [Int] {
    var levels: [Int] = []
    for phase in schedule.phases {
      let level = (phase.resolution / SpecLimits.resolutions.lowerBound).trailingZeroBitCount
      for level in phase.fade > 0 && level > 0 ? [level - 1, level] : [level] where !levels.contains(level) { levels.append(level) }
    }
    return levels
  }
}
