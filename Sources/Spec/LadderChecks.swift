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
    var found: [Diagnostic] = []
    for level in levels where found.isEmpty {
      let here = generator.ladderLevel(level)
      found += mistakes(here, leaving: here.leaving)
      guard found.isEmpty else { break }
      found += mistakes(
        generator.toRGB, "generator.to_rgb", LayerPlace(entering: here.leaving.channels, leaving: 3), here.leaving,
        leaving: Features(channels: 3, side: here.leaving.side))
    }
    return found + unused(generator.at, "generator")
  }

  private var discriminator: [Diagnostic] {
    let discriminator = spec.discriminator
    guard isSound("discriminator", "top", "from_rgb", "block", "end", "head") else { return [] }
    var found: [Diagnostic] = []
    for level in levels where found.isEmpty {
      let here = discriminator.ladderLevel(level)
      found += mistakes(
        discriminator.fromRGB, "discriminator.from_rgb", LayerPlace(entering: 3, leaving: here.entering.channels),
        Features(channels: 3, side: here.entering.side), leaving: here.entering)
      found += mistakes(here, leaving: level == 0 ? nil : here.leaving)
      guard level == 0, found.isEmpty, let end = try? features(here) else { continue }
      if end.channels != discriminator.top {
        found.append(
          error(
            here.paths.last ?? "discriminator.end",
            "leaves \(end.channels) channels, but discriminator.top is \(discriminator.top)", nil)
        )
        continue
      }
      let place = LayerPlace(entering: discriminator.top, leaving: 1)
      found += mistakes(discriminator.head, "discriminator.head", place, end, leaving: nil)
      if found.isEmpty, let score = try? features(discriminator.head, place, end), score.channels != 1 {
        found.append(
          error(
            "discriminator.head.\(discriminator.head.names.last ?? "0")", "leaves \(score), but a score has 1 channel",
            "give it width: 1"))
      }
    }
    return found + unused(discriminator.at, "discriminator")
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
    for (network, list) in [
      (
        "generator",
        levels.map(spec.generator.widths.count > levels.upperBound - 1 ? spec.generator.ladderLevel : { _ in LadderLevel.none })
      ),
      (
        "discriminator",
        levels.map(
          spec.discriminator.widths.count > levels.upperBound - 1 ? spec.discriminator.ladderLevel : { _ in LadderLevel.none })
      ),
    ] where isSound(network, "start", "block", "end") {
      var seen: Set<String> = []
      for here in list {
        for (layer, path) in zip(here.layers, here.paths) where seen.insert(path).inserted {
          for (place, batch) in sizes {
            guard let obstacle = layer.obstacle(batch: batch) else { continue }
            found.append(error(place, "is \(batch), \(obstacle.words) \(path).\(obstacle.setting)", nil))
          }
        }
      }
    }
    return found
  }

  private func mistakes(_ here: LadderLevel, leaving: Features?) -> [Diagnostic] {
    mistakes(here.layers, paths: here.paths, here.place, here.entering, leaving: leaving)
  }

  private func mistakes(
    _ layers: [LayerSpec], _ path: String, _ place: LayerPlace, _ entering: Features, leaving: Features?
  ) -> [Diagnostic] {
    mistakes(layers, paths: layers.names.map { "\(path).\($0)" }, place, entering, leaving: leaving)
  }

  /// What keeps a list from leading from features to others.
  private func mistakes(
    _ layers: [LayerSpec], paths: [String], _ place: LayerPlace, _ entering: Features, leaving: Features?
  ) -> [Diagnostic] {
    var features = entering
    for (layer, path) in zip(layers, paths) {
      do throws(LayerMistake) {
        features = try layer.result(of: features, at: place)
      } catch {
        return [self.error(path, "cannot follow \(features): \(error.message)", error.note)]
      }
    }
    guard let leaving, features != leaving, let last = paths.last else { return [] }
    return [
      error(
        last, "leaves \(features), but \(leaving) must leave the list", "it began with \(entering), and follows each layer in turn")
    ]
  }

  private func features(_ here: LadderLevel) throws(LayerMistake) -> Features {
    try features(here.layers, here.place, here.entering)
  }

  private func features(_ layers: [LayerSpec], _ place: LayerPlace, _ entering: Features) throws(LayerMistake) -> Features {
    var features = entering
    for layer in layers { features = try layer.result(of: features, at: place) }
    return features
  }
}

extension LadderLevel {
  /// Of a network whose widths are wrong.
  fileprivate static let none = LadderLevel(
    layers: [], paths: [], place: LayerPlace(entering: 1, leaving: 1), entering: Features(channels: 1, side: 4),
    leaving: Features(channels: 1, side: 4))
}
