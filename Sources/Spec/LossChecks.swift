import Basics

/// Whether the losses of both networks belong together, and to the networks.
struct LossChecks {
  let spec: ExperimentSpec
  let language: Language
  /// An error that begins with a path.
  let error: (_ path: String, _ message: String, _ note: String?) -> Diagnostic

  var mistakes: [Diagnostic] {
    let lone = NetworkRole.allCases.compactMap(single)
    guard lone.isEmpty else { return lone }
    return [pair, styles, signs].compactMap { $0 }
  }

  /// Each network learns by exactly one loss.
  private func single(_ network: NetworkRole) -> Diagnostic? {
    let found = adversarial(network)
    if found.count == 1 { return nil }
    let keys = language.losses[network].choices.filter(\.isAdversarial).map(\.key)
    if found.isEmpty {
      return error("loss.\(network)", "has no loss that the \(network) learns by", "give it one of \(keys.joined(separator: ", "))")
    }
    return error(
      "loss.\(network).\(found[1].key)", "stands beside \(found[0].key): a network learns by one of them",
      "leave out \(found[1].key) or \(found[0].key)")
  }

  /// Both learn by the two sides of one loss.
  private var pair: Diagnostic? {
    let (ours, theirs) = (adversarial(.generator)[0], adversarial(.discriminator)[0])
    if ours.key != theirs.key {
      return error(
        "loss.generator.\(ours.key)", "does not belong to loss.discriminator.\(theirs.key)",
        "give both networks \(theirs.key), or both \(ours.key)")
    }
    guard ours.yaml != theirs.yaml else { return nil }
    return error(
      "loss.generator.\(ours.key)", "is \(ours.yaml.flow), but loss.discriminator.\(ours.key) is \(theirs.yaml.flow)",
      "give both the same settings")
  }

  /// What asks how images depend on styles needs them.
  private var styles: Diagnostic? {
    guard spec.generator.mapping.isEmpty, let term = spec.loss.generator.first(where: \.needsStyles) else { return nil }
    return error(
      "loss.generator.\(term.key)", "asks how images depend on what a mapping tells layers, but the generator has no mapping",
      "give it generator.mapping and modulated convolutions, as the recipe stylegan2 does")
  }

  /// A probability that follows the signs of scores needs scores whose sign says something.
  private var signs: Diagnostic? {
    guard spec.discriminator.augment?.adaptive != nil, let loss = adversarial(.discriminator).first,
      ["wasserstein", "relativistic", "least_squares"].contains(loss.key)
    else { return nil }
    return error(
      "discriminator.augment.probability", "follows the signs of scores, but those of loss.discriminator.\(loss.key) say nothing",
      "use hinge or non_saturating, or a fixed probability")
  }

  private func adversarial(_ network: NetworkRole) -> [Choice] { spec.loss[network].filter(\.isAdversarial) }
}

extension ExperimentSpec {
  /// What is allowed and seldom meant, a sentence each that begins with a path.
  package var cautions: [String] {
    let (terms, clip) = (loss.discriminator, optimizer.weightClip)
    func has(_ key: String) -> Bool { terms.contains { $0.key == key } }
    var cautions: [String] = []
    let slopes = terms.first(where: \.needsSlopes)
    if has("wasserstein"), slopes == nil, clip == nil, !discriminator.isSpectrallyNormed {
      cautions.append(
        "loss.discriminator.wasserstein: nothing bounds the slope of the discriminator's scores: add gradient_penalty, spectral_norm or "
          + "optimizer.weight_clip")
    }
    if has("wasserstein"), has("lecam") {
      cautions.append(
        "loss.discriminator.lecam: its weight is meant for scores near the margin of a hinge; those of wasserstein have no size of their own"
      )
    }
    if let augment = discriminator.augment, augment.isEmpty {
      cautions.append("discriminator.augment: it changes nothing, since every part of it is 0")
    }
    if let augment = discriminator.augment, augment.horizontalFlip || augment.rotation >= 90 {
      let highest = if case .fixed(let probability) = augment.probability { probability } else { augment.adaptive!.limit }
      if highest > 0.8 {
        cautions.append(
          "discriminator.augment: above a probability of 0.8 the generator may learn flips and turns, since no image is surely upright"
        )
      }
    }
    if let slopes, clip != nil {
      cautions.append("optimizer.weight_clip: \(slopes.key) bounds the slope already; clipped weights keep it from its target")
    }
    return cautions
  }
}

extension DiscriminatorSpec {
  /// Whether some layer's weights are divided by their spectral norm.
  fileprivate var isSpectrallyNormed: Bool {
    let layers = fromRGB + block + end + head + at.values.flatMap { $0.before + ($0.block ?? []) + $0.after }
    return layers.contains { layer in ["pass", "step"].contains { layer.choice.yaml.flow.contains("spectral_norm: \($0)") } }
  }
}
