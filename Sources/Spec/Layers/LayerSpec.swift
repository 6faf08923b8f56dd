/// A layer of a list in a spec: its kind with every setting.
package struct LayerSpec: Equatable, Sendable {
  package let choice: Choice

  package init(_ choice: Choice) { self.choice = choice }

  package var kind: String { choice.key }

  private var declaration: any LayerDeclaration.Type {
    guard let type = choice.type as? any LayerDeclaration.Type else { preconditionFailure("\(choice.type) is no layer") }
    return type
  }

  package var isActivation: Bool { declaration.isActivation }
  package var isTransparent: Bool { declaration.isTransparent }

  /// Layers that the mapped latent tells something, itself and those inside of it.
  package var modulatedCount: Int {
    (declaration.usesStyle ? 1 : 0) + lists.flatMap(\.layers).reduce(0) { $0 + $1.modulatedCount }
  }

  /// The path below the layer of what joins images, in it or inside of it; nil if nothing does.
  var joining: String? {
    if declaration.joinsImages { return "" }
    for (key, layers) in lists {
      for (layer, name) in zip(layers, layers.names) { if let inner = layer.joining { return ".\(key).\(name)\(inner)" } }
    }
    return nil
  }

  /// The features that leave the layer. Throws why it cannot stand there.
  package func result(of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    func result<Layer: LayerDeclaration>(_ type: Layer.Type) throws(LayerMistake) -> Features {
      try type.result(choice.settings(of: type), of: x, at: place)
    }
    return try result(declaration)
  }

  /// What the layer, or one inside of it, wants of a minibatch that `batch` images are not, and the setting that says so.
  func obstacle(batch: Int) -> (words: String, setting: String)? {
    func obstacle<Layer: LayerDeclaration>(_ type: Layer.Type) -> (words: String, setting: String)? {
      type.obstacle(choice.settings(of: type), batch: batch)
    }
    if let own = obstacle(declaration) { return own }
    for (key, layers) in lists {
      for (layer, name) in zip(layers, layers.names) {
        if let inner = layer.obstacle(batch: batch) { return (inner.words, "\(key).\(name).\(inner.setting)") }
      }
    }
    return nil
  }

  /// Lists of layers that it holds.
  private var lists: [(key: String, layers: [LayerSpec])] {
    func lists<Container: LayerContainer>(_ type: Container.Type) -> [(key: String, layers: [LayerSpec])] {
      type.lists(choice.settings(of: type))
    }
    guard let container = choice.type as? any LayerContainer.Type else { return [] }
    return lists(container)
  }

  /// Its kind, and those of layers in it.
  var kinds: Set<String> { lists.flatMap(\.layers).kinds.union([kind]) }
}

extension [LayerSpec] {
  /// The kinds of all layers, those inside of others too.
  var kinds: Set<String> { reduce(into: []) { $0.formUnion($1.kinds) } }

  /// What the layers are called.
  package var names: [String] { LayerNames(map(\.kind)).names }

  /// The features that leave the list, which stands under `key` of a layer.
  package func features(of x: Features, at place: LayerPlace, in key: String) throws(LayerMistake) -> Features {
    var features = x
    for (layer, name) in zip(self, names) {
      do throws(LayerMistake) {
        features = try layer.result(of: features, at: place)
      } catch {
        throw LayerMistake("\(key).\(name) cannot follow \(features): \(error.message)", note: error.note)
      }
    }
    return features
  }

  /// Whether the layer at `index` is followed by an activation, with nothing between them that is more than a normalization.
  package func isActivated(_ index: Int) -> Bool {
    self[(index + 1)...].first { !$0.isTransparent }?.isActivation ?? false
  }
}

/// What the layers of one resolution are beside those of the others: more before or after, or a block of their own.
package struct LevelSpec: Equatable, Sendable {
  package var before: [LayerSpec] = []
  package var block: [LayerSpec]?
  package var after: [LayerSpec] = []

  package init() {}
}
