import Basics

/// Follows features through the lists of both networks: each list must leave what the next takes.
struct LadderChecks {
  let spec: ExperimentSpec
  let reader: FieldReader
  /// Whether the spec says the setting at a path, and not its recipe.
  let isSaid: (_ path: [String]) -> Bool
  /// An error that begins with the path.
  let error: (_ path: String, _ message: String, _ note: String?) -> Diagnostic

  var mistakes: [Diagnostic] { generator + discriminator + batches + joins }

  private var levels: Range<Int> {
    let last = spec.schedule.phases.map(\.resolution).max() ?? 4
    return 0..<(last / 4).trailingZeroBitCount + 1
  }

  private func isSound(_ network: String, _ keys: String...) -> Bool {
    (keys + ["widths", "layers", "at"]).allSatisfy { reader.isSound("\(network).\($0)") }
  }

  private var generator: [Diagnostic] {
    let generator = spec.generator
    guard isSound("generator", "latent", "latent_form", "mapping", "start", "block", "to_rgb") else { return [] }
    if let mistake = mapping { return [mistake] }
    for level in levels {
      let here = generator.ladderLevel(level)
      let list = level == 0 ? "generator.start" : "generator.block"
      let found =
        follow(here.layers, list, here.paths, here.place, here.entering, to: here.leaving).mistake ?? rgb(level, here.leaving)
      if let found { return [found] }
    }
    return unused(generator.at, "generator")
  }

  /// What keeps an image from being made at `level`, if one is.
  private func rgb(_ level: Int, _ features: Features) -> Diagnostic? {
    let generator = spec.generator
    guard generator.combine == .skip || spec.imageLevels.contains(level) else { return nil }
    let image = Features(channels: 3, side: features.side)
    return follow(generator.toRGB, "generator.to_rgb", nil, generator.rgbPlace(level), features, to: image).mistake
  }

  /// What keeps the mapping from leaving one vector.
  private var mapping: Diagnostic? {
    let generator = spec.generator
    guard !generator.mapping.isEmpty else {
      let mixing = generator.styleMixing > 0
      return mixing ? error("generator.style_mixing", "is \(generator.styleMixing), but there is no mapping to mix", nil) : nil
    }
    guard generator.latentForm == .vector else {
      return error("generator.mapping", "needs latents that are vectors", "use latent_form: vector")
    }
    let place = LayerPlace(entering: generator.latent, leaving: generator.latent)
    let end = follow(generator.mapping, "generator.mapping", nil, place, generator.latents, to: nil)
    if let mistake = end.mistake { return mistake }
    guard end.features.side != 1 else { return nil }
    let last = paths("generator.mapping", generator.mapping).last ?? ""
    return error(last, "leaves \(end.features), but a mapping leaves one number a channel", nil)
  }

  private var discriminator: [Diagnostic] {
    let discriminator = spec.discriminator
    guard isSound("discriminator", "top", "from_rgb", "block", "end", "head") else { return [] }
    for level in levels {
      let here = discriminator.ladderLevel(level, of: lowestTop(level))
      if spec.imageLevels.contains(level) {
        let place = LayerPlace(entering: 3, leaving: here.entering.channels)
        let image = Features(channels: 3, side: here.entering.side)
        let read = follow(discriminator.fromRGB, "discriminator.from_rgb", nil, place, image, to: here.entering)
        if let mistake = read.mistake { return [mistake] }
      }
      let list = level == 0 ? "discriminator.end" : "discriminator.block"
      let left = follow(here.layers, list, here.paths, here.place, here.entering, to: level == 0 ? nil : here.leaving)
      if let mistake = left.mistake ?? (level == 0 ? scores(of: left.features, here) : nil) { return [mistake] }
    }
    return unused(discriminator.at, "discriminator")
  }

  /// What keeps the end and the head from leaving scores.
  private func scores(of end: Features, _ last: LadderLevel) -> Diagnostic? {
    let discriminator = spec.discriminator
    guard end.channels == discriminator.top else {
      let message = "leaves \(end.channels) channels, but discriminator.top is \(discriminator.top)"
      return error(last.paths.last ?? "discriminator.end", message, nil)
    }
    let place = LayerPlace(entering: discriminator.top, leaving: 1)
    let score = follow(discriminator.head, "discriminator.head", nil, place, end, to: nil)
    if let mistake = score.mistake { return mistake }
    guard score.features.channels != 1 else { return nil }
    let last = paths("discriminator.head", discriminator.head).last ?? "discriminator.head"
    return error(last, "leaves \(score.features), but a score has 1 channel", "give it width: 1")
  }

  /// Exceptions for resolutions that no phase has.
  private func unused(_ exceptions: [Int: LevelSpec], _ network: String) -> [Diagnostic] {
    exceptions.keys.sorted().compactMap { side in
      guard !levels.contains((side / 4).trailingZeroBitCount), isSaid([network, "at"]) else { return nil }
      return error("\(network).at.\(side)", "is above the \(4 << (levels.upperBound - 1)) of the highest phase", nil)
    }
  }

  /// Whole groups, and whatever else layers want of a minibatch.
  private var batches: [Diagnostic] {
    guard reader.isSound("schedule.batch"), reader.isSound("schedule.phases") else { return [] }
    let sizes =
      [("schedule.batch", spec.schedule.batch)]
      + spec.schedule.phases.enumerated().compactMap { index, phase in phase.batch.map { ("schedule.phases.\(index).batch", $0) } }
    var found: [Diagnostic] = []
    for network in ["generator", "discriminator"]
    where isSound(network, "mapping", "start", "block", "end", "to_rgb", "from_rgb", "head") {
      var seen: Set<String> = []
      for (layer, path) in network == "generator" ? generatorLayers : discriminatorLayers where seen.insert(path).inserted {
        for (place, batch) in sizes {
          guard let obstacle = layer.obstacle(batch: batch) else { continue }
          found.append(error(place, "is \(batch), \(obstacle.words) \(path).\(obstacle.setting)", nil))
        }
      }
    }
    return found
  }

  /// A penalty on the gradient of each image's score needs scores that are each of one image.
  private var joins: [Diagnostic] {
    guard reader.isSound("loss"), let term = spec.loss.discriminator.first(where: \.needsSlopes),
      isSound("discriminator", "block", "end", "head", "from_rgb")
    else { return [] }
    for (layer, path) in discriminatorLayers {
      guard let inner = layer.joining else { continue }
      let message = "mixes the images of a minibatch, so loss.discriminator.\(term.key) has no gradient of one image"
      return [error(path + inner, message, "use layer_norm, or another loss")]
    }
    return []
  }

  /// All layers of a network, each with its path; those of a block once for each level.
  private var generatorLayers: [(LayerSpec, String)] {
    let generator = spec.generator
    return named("generator.mapping", generator.mapping)
      + levels.map(generator.ladderLevel).flatMap { zip($0.layers, $0.paths) } + named("generator.to_rgb", generator.toRGB)
  }

  private var discriminatorLayers: [(LayerSpec, String)] {
    let discriminator = spec.discriminator
    return named("discriminator.from_rgb", discriminator.fromRGB)
      + levels.map { discriminator.ladderLevel($0, of: $0) }.flatMap { zip($0.layers, $0.paths) }
      + named("discriminator.head", discriminator.head)
  }

  private func named(_ list: String, _ layers: [LayerSpec]) -> [(LayerSpec, String)] { Array(zip(layers, paths(list, layers))) }

  /// The lowest level of images that pass through `level`.
  private func lowestTop(_ level: Int) -> Int {
    spec.schedule.phases.map { ($0.resolution / 4).trailingZeroBitCount }.filter { $0 >= level }.min() ?? level
  }

  private func paths(_ list: String, _ layers: [LayerSpec]) -> [String] { layers.names.map { "\(list).\($0)" } }

  /// The features that leave a list, or what keeps it from leading to others.
  ///
  /// - Parameters:
  ///   - list: its path.
  ///   - paths: of its layers, if some are from other lists.
  private func follow(
    _ layers: [LayerSpec], _ list: String, _ paths: [String]?, _ place: LayerPlace, _ entering: Features, to wanted: Features?
  ) -> (features: Features, mistake: Diagnostic?) {
    var features = entering
    let paths = paths ?? self.paths(list, layers)
    for (layer, path) in zip(layers, paths) {
      do throws(LayerMistake) {
        features = try layer.result(of: features, at: place)
      } catch {
        return (features, self.error(path, "cannot follow \(features): \(error.message)", error.note))
      }
    }
    guard let wanted, features != wanted else { return (features, nil) }
    let last = paths.last ?? list
    let note = "it began with \(entering), and follows each layer in turn"
    return (features, error(last, "leaves \(features), but \(wanted) must leave the list", note))
  }
}
