import Basics

/// Named defaults of a network: what a spec that names the recipe need not say.
package struct Recipe: Sendable {
  package let name: String
  /// What it is, in one sentence without a full stop.
  package let doc: String
  private let networks: [String: [Node.Entry]]

  /// The recipe of these settings in YAML, without what belongs to one experiment as widths do.
  package init(_ name: String, _ doc: String, generator: String, discriminator: String) {
    self.name = name
    self.doc = doc
    networks = ["generator": generator, "discriminator": discriminator].mapValues { text in
      let document = YAMLReader.read(text, source: SourceText(file: "recipe \(name)", text: text))
      guard document.diagnostics.isEmpty, let entries = document.root?.entries else {
        preconditionFailure("the recipe \(name) is not YAML: \(document.diagnostics)")
      }
      return entries
    }
  }

  /// A network's settings, with those of the recipe where it says nothing. What comes from the recipe is shown at `mark`.
  func completing(_ network: String, _ entries: [Node.Entry], mark: Mark) -> [Node.Entry] {
    Self.merged(entries, over: networks[network] ?? [], mark, joining: ["layers"])
  }

  /// The entries of two maps; where both have a key, those of `joining` are joined, whatever is below.
  private static func merged(
    _ own: [Node.Entry], over standard: [Node.Entry], _ mark: Mark, joining: Set<String>?
  ) -> [Node.Entry] {
    own.map { entry in
      guard joining?.contains(entry.key) ?? true, let below = entry.value.entries,
        let other = standard.first(where: { $0.key == entry.key })?.value.entries
      else { return entry }
      var entry = entry
      entry.value.content = .mapping(merged(below, over: other, mark, joining: nil))
      return entry
    }
      + standard.filter { other in !own.contains { $0.key == other.key } }.map {
        Node.Entry(key: $0.key, keyMark: mark, value: $0.value.moved(to: mark))
      }
  }
}

extension Node {
  /// The same with another place in the text.
  fileprivate func moved(to mark: Mark) -> Node {
    let moved: Content =
      switch content {
      case .scalar: content
      case .sequence(let items): .sequence(items.map { $0.moved(to: mark) })
      case .mapping(let entries):
        .mapping(entries.map { Entry(key: $0.key, keyMark: mark, value: $0.value.moved(to: mark)) })
      }
    return Node(content: moved, mark: mark, label: mark)
  }

  /// Fills in what the recipes of both networks say. The discriminator's is the generator's unless it has its own.
  mutating func completeNetworks(_ recipes: [Recipe]) {
    guard case .mapping(var entries) = content, let standard = recipes.first else { return }
    func named(_ entry: Node.Entry?) -> String? {
      guard case .scalar(let text, _)? = entry?.value.entries?.first(where: { $0.key == "recipe" })?.value.content else {
        return nil
      }
      return text
    }
    let shared = named(entries.first { $0.key == "generator" })
    for (index, entry) in entries.enumerated() where Node.networks.contains(entry.key) {
      guard let own = entry.value.entries else { continue }
      let name = named(entry) ?? shared
      let recipe = recipes.first { $0.name == name } ?? standard
      entries[index].value.content = .mapping(recipe.completing(entry.key, own, mark: entry.keyMark))
    }
    content = .mapping(entries)
  }
}
