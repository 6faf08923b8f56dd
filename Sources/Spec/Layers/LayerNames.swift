/// How the layers of a list are called: `conv1`, `norm1`, `relu1`, `conv2` ... By these names paths reach into lists, and parameters are
/// named after them.
///
///     LayerNames(["convolution", "pixel_norm", "leaky_relu", "convolution"]).names    // ["conv1", "norm1", "relu1", "conv2"]
package struct LayerNames {
  private let kinds: [String]
  /// In the order of the list.
  package let names: [String]

  package init(_ kinds: [String]) {
    self.kinds = kinds
    var counts: [String: Int] = [:]
    names = kinds.map { kind in
      let label = Self.label(kind)
      counts[label, default: 0] += 1
      return "\(label)\(counts[label]!)"
    }
  }

  /// The last word of a kind, short for a convolution.
  private static func label(_ kind: String) -> String {
    let word = kind.split(separator: "_").last.map(String.init) ?? kind
    return word == "convolution" ? "conv" : word
  }

  /// The place that a step of a path names: by its name, by its kind if no other is of this kind.
  package func place(_ step: String) -> Int? {
    if let place = names.firstIndex(of: step) { return place }
    let places = kinds.indices.filter { kinds[$0] == step }
    return places.count == 1 ? places[0] : nil
  }
}

extension Node {
  /// The networks, whose lists are lists of layers.
  static let networks: Set<String> = ["generator", "discriminator"]

  /// The kind of layer that an item of a list names; nil when it names none.
  var layerKind: String? {
    switch content {
    case .scalar(let text, isPlain: true) where !text.isEmpty && !text.utf8.allSatisfy({ $0 < UInt8(ascii: "A") }): text
    case .mapping(let entries) where entries.count == 1: entries[0].key
    default: nil
    }
  }

  /// The names of `items`, if all of them are layers.
  static func layerNames(of items: [Node]) -> LayerNames? {
    let kinds = items.compactMap(\.layerKind)
    return kinds.count == items.count && !items.isEmpty ? LayerNames(kinds) : nil
  }
}
