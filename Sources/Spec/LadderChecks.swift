import Basics

/// Follows features through the lists of both networks: each list must leave what the next takes.
struct LadderChecks {
  let spec: ExperimentSpec
  let reader: FieldReader
  /// An error that begins with the path.
  let error: (_ path: String, _ message: String, _ note: String?) -> Diagnostic

  var mistakes: [Diagnostic] { generator + discriminator + batches }

  private var levels: Range<Int> {
    let last = spec.schedule.phases.map(\.resolution).max() ?? 4
    return 0..<(last / 4).trailingZeroBitCount + 1
  }

  private func isSound(_ network: String, _ keys: String...) -> Bool {
    (keys + ["widths", "layers", "at"]).allSatisfy { reader.isSound("\(network).\($0)") }
  }

  private var generator: [Diagnostic] {
    let generator = spec.generator
    guard isSound("generator", "latent", "latent_form", "start", "block", "to_rgb") else { return [] }
    for level in levels {
      let here = generator.ladderLevel(level)
      let image = Features(channels: 3, side: here.leaving.side)
      let paths = paths("generator.to_rgb", generator.toRGB)
      let found =
        follow(here.layers, here.paths, here.place, here.entering, to: here.leaving).mistake
        ?? follow(generator.toRGB, paths, LayerPlace(entering: here.leaving.channels, leaving: 3), here.leaving, to: image).mistake
      if let found { return [found] }
    }
    return unused(generator.at, "generator")
  }

  private var discriminator: [Diagnostic] {
    let discriminator = spec.discriminator
    guard isSound("discriminator", "top", "from_rgb", "block", "end", "head") else { return [] }
    for level in levels {
      let here = discriminator.ladderLevel(level)
      let place = LayerPlace(entering: 3, leaving: here.entering.channels)
      let read = follow(
        discriminator.fromRGB, paths("discriminator.from_rgb", discriminator.fromRGB), place,
        Features(channels: 3, side: here.entering.side), to: here.entering)
      if let mistake = read.mistake { return [mistake] }
      let left = follow(here.layers, here.paths, here.place, here.entering, to: level == 0 ? nil : here.leaving)
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
    let paths = paths("discriminator.head", discriminator.head)
    let score = follow(discriminator.head, paths, LayerPlace(entering: discriminator.top, leaving: 1), end, to: nil)
    if let mistake = score.mistake { return mistake }
    guard score.features.channels != 1, let last = paths.last else { return nil }
    return error(last, "leaves \(score.features), but a score has 1 channel", "give it width: 1")
  }

  /// Exceptions for resolutions that no phase has.
  private func unused(_ exceptions: [Int: LevelSpec], _ network: String) -> [Diagnostic] {
    exceptions.keys.sorted().compactMap { side in
      guard !levels.contains((side / 4).trailingZeroBitCount) else { return nil }
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
    let networks = [("generator", spec.generator.ladderLevel), ("discriminator", spec.discriminator.ladderLevel)]
    for (network, ladderLevel) in networks where isSound(network, "start", "block", "end") {
      var seen: Set<String> = []
      for (layer, path) in levels.map(ladderLevel).flatMap({ zip($0.layers, $0.paths) }) where seen.insert(path).inserted {
        for (place, batch) in sizes {
          guard let obstacle = layer.obstacle(batch: batch) else { continue }
          found.append(error(place, "is \(batch), \(obstacle.words) \(path).\(obstacle.setting)", nil))
        }
      }
    }
    return found
  }

  private func paths(_ list: String, _ layers: [LayerSpec]) -> [String] { layers.names.map { "\(list).\($0)" } }

  /// The features that leave a list, or what keeps it from leading to others.
  private func follow(
    _ layers: [LayerSpec], _ paths: [String], _ place: LayerPlace, _ entering: Features, to wanted: Features?
  ) -> (features: Features, mistake: Diagnostic?) {
    var features = entering
    for (layer, path) in zip(layers, paths) {
      do throws(LayerMistake) {
        features = try layer.result(of: features, at: place)
      } catch {
        return (features, self.error(path, "cannot follow \(features): \(error.message)", error.note))
      }
    }
    guard let wanted, features != wanted, let last = paths.last else { return (features, nil) }
    let note = "it began with \(entering), and follows each layer in turn"
    return (features, error(last, "leaves \(features), but \(wanted) must leave the list", note))
  }
}
