import Basics

/// A spec in version 1 of the language, which had one family of networks: what each of its keys has become.
struct FirstVersion {
  private let root: Node

  /// Nil when `root` does not say that it is one.
  init?(_ root: Node) {
    guard case .scalar("1", isPlain: true)? = root.node(at: SpecPath(steps: ["version"]))?.content else { return nil }
    self.root = root
  }

  /// What became of keys that are gone, in the order of the reference.
  private static let successors: [(key: String, successor: String)] = [
    ("pixel_norm.place", "the place of pixel_norm in start, block and end"),
    ("pixel_norm.form", "layers.pixel_norm.form"), ("pixel_norm.epsilon", "layers.pixel_norm.epsilon"),
    ("equalized_rate", "layers.convolution.equalized_rate"), ("padding", "layers.convolution.border"),
    ("leak", "layers.leaky_relu.slope"), ("minibatch_deviation", "minibatch_deviation in end"),
    ("minibatch_group", "layers.minibatch_deviation.group"), ("minibatch_estimator", "layers.minibatch_deviation.estimator"),
    ("from_rgb_activation", "leaky_relu in from_rgb"),
  ]
  /// The keys that are gone.
  static let gone = Set(successors.map { String($0.key.split(separator: ".")[0]) })

  /// What a user reads who has such a file.
  var refusal: Diagnostic {
    let became = ["generator", "discriminator"].flatMap { network in
      Self.successors.compactMap { key, successor in
        root.node(at: SpecPath(steps: [network] + key.split(separator: ".").map(String.init))).map { _ in
          "\(network).\(key) is now \(successor)"
        }
      }
    }
    let mark = root.node(at: SpecPath(steps: ["version"]))?.mark ?? root.mark
    let keys = became.isEmpty ? "only the number has changed" : became.joined(separator: "; ")
    return mark.error(
      "this spec is in version 1 of the language, and this program reads version \(ExperimentSpec.version)",
      note: "fadein upgrade FILE writes the new one: \(keys)")
  }

  /// The same experiment in version 2.
  var upgraded: Node {
    guard case .mapping(var entries) = root.content else { return root }
    for (index, entry) in entries.enumerated() {
      if entry.key == "version" { entries[index].value.content = .scalar(String(ExperimentSpec.version), isPlain: true) }
      guard Node.networks.contains(entry.key), let own = entry.value.entries else { continue }
      let added = additions(to: entry.key).map { key, value in
        Node.Entry(key: key, keyMark: entry.keyMark, value: Node(value, mark: entry.keyMark))
      }
      entries[index].value.content = .mapping(own.filter { !Self.gone.contains($0.key) } + added)
    }
    var upgraded = root
    upgraded.content = .mapping(entries)
    return upgraded
  }

  private func text(_ path: String) -> String? {
    guard case .scalar(let text, _)? = root.node(at: SpecPath(steps: path.split(separator: ".").map(String.init)))?.content else {
      return nil
    }
    return text
  }

  /// What version 2 says in the place of keys that are gone, where it is not what the recipe says anyway.
  func additions(to network: String) -> [(key: String, value: YAMLValue)] {
    func own(_ key: String) -> String? { text("\(network).\(key)") }
    let rate = own("equalized_rate") ?? "input", isGenerator = network == "generator"
    let place = own("pixel_norm.place") ?? "before_activation"
    var layers: [(key: String, value: YAMLValue)] = []
    func kind(_ name: String, _ settings: [(String, String?, String)]) {
      let different = settings.compactMap { key, value, standard in
        value.flatMap { $0 == standard ? nil : (key: key, value: YAMLValue.plain($0)) }
      }
      if !different.isEmpty { layers.append((key: name, value: .mapping(different))) }
    }
    kind("convolution", [("border", own("padding"), "reflect"), ("equalized_rate", rate, "input")])
    kind("pixel_norm", [("form", own("pixel_norm.form"), "epsilon_outside"), ("epsilon", own("pixel_norm.epsilon"), "1e-07")])
    kind("leaky_relu", [("slope", own("leak"), "0.2")])
    if !isGenerator {
      kind("minibatch_deviation", [("group", own("minibatch_group"), "0"), ("estimator", own("minibatch_estimator"), "unbiased")])
    }
    let active: [YAMLValue] =
      switch place {
      case "after_activation": [.plain("leaky_relu"), .plain("pixel_norm")]
      case "none": [.plain("leaky_relu")]
      default: [.plain("pixel_norm"), .plain("leaky_relu")]
      }
    let plain = YAMLValue.plain("convolution")
    func convolution(_ settings: (String, String)...) -> YAMLValue {
      .mapping([(key: "convolution", value: .mapping(settings.map { (key: $0.0, value: .plain($0.1)) }))])
    }
    var lists: [(key: String, value: YAMLValue)] = []
    let isOtherwise = place != "before_activation"
    if isGenerator {
      let isVector = own("latent_form") == "vector"
      var first = plain
      if isVector {
        let shape = [("kernel", "4"), ("padding", "3"), ("border", "zeros")]
        let gain = rate == "weight" ? [("gain", (2.0.squareRoot() / 4).spelled)] : []
        first = .mapping([
          (key: "convolution", value: .mapping((shape + gain).map { (key: $0.0, value: .plain($0.1)) }))
        ])
      }
      if isOtherwise || isVector { lists.append((key: "start", value: .sequence([first] + active + [plain] + active))) }
      if isOtherwise {
        lists.append((key: "block", value: .sequence([.plain("upsample"), plain] + active + [plain] + active)))
      }
    } else {
      if own("from_rgb_activation") == "true" {
        // Without a scaled weight the layer that reads RGB was left plain, whatever follows it.
        let read =
          rate == "weight"
          ? convolution(("kernel", "1")) : convolution(("kernel", "1"), ("equalized_rate", "none"), ("initial", "uniform"))
        lists.append((key: "from_rgb", value: .sequence([read, .plain("leaky_relu")])))
      }
      if isOtherwise {
        lists.append((key: "block", value: .sequence([plain] + active + [plain] + active + [.plain("downsample")])))
      }
      let deviates = own("minibatch_deviation") != "false"
      if isOtherwise || !deviates {
        let last = convolution(("kernel", "4"), ("padding", "0"))
        lists.append(
          (
            key: "end",
            value: .sequence((deviates ? [.plain("minibatch_deviation")] : []) + [plain] + active + [last] + active)
          ))
      }
    }
    return (layers.isEmpty ? [] : [(key: "layers", value: .mapping(layers))]) + lists
  }
}

extension Node {
  /// YAML that stands at one place of a text.
  init(_ value: YAMLValue, mark: Mark) {
    switch value {
    case .plain(let text): self.init(content: .scalar(text, isPlain: true), mark: mark, label: mark)
    case .text(let text): self.init(content: .scalar(text, isPlain: false), mark: mark, label: mark)
    case .sequence(let items): self.init(content: .sequence(items.map { Node($0, mark: mark) }), mark: mark, label: mark)
    case .mapping(let entries):
      self.init(
        content: .mapping(entries.map { Entry(key: $0.key, keyMark: mark, value: Node($0.value, mark: mark)) }), mark: mark,
        label: mark)
    }
  }
}
