import Basics

extension FieldType where Value == [Choice] {
  /// `layers` of a network: settings that every layer of a kind has unless it says otherwise. All kinds of `catalog`, in its order, of
  /// which those that are `used` are written.
  static func layerDefaults(_ catalog: Catalog, used: Set<String>) -> Self {
    var type = FieldType.object(
      ObjectSchema(
        name: "layers", blank: catalog.choices,
        fields: catalog.choices.enumerated().compactMap { index, choice in
          choice.erasedSchema.fields.isEmpty
            ? nil : Field(choice.key, \.[index], .object(choice.erasedSchema), choice.erasedSchema.doc)
        }))
    type.write = { layers in
      .mapping(layers.filter { used.contains($0.key) && !$0.erasedSchema.fields.isEmpty }.map { (key: $0.key, value: $0.yaml) })
    }
    return type
  }
}

extension Choice {
  /// The schema of its settings in a network whose layers have the settings `defaults`.
  fileprivate func schema(nesting defaults: [Choice]) -> ObjectSchema<Choice> {
    func schema<Container: LayerContainer>(_ type: Container.Type) -> ObjectSchema<Choice> {
      type.schema(defaults).lifted(blank: self) {
        $0.settings(of: type)
      } set: {
        $0 = Choice(type, $1)
      }
    }
    guard let container = type as? any LayerContainer.Type else { return erasedSchema }
    return schema(container)
  }
}

extension FieldType where Value == [LayerSpec] {
  /// A list of layers, each the name of a kind, or a map from it to settings. A layer has the settings of its kind in `defaults` unless it
  /// says otherwise, and only what it says otherwise is written.
  package static func layers(_ defaults: [Choice], count: ClosedRange<Int> = 0...SpecLimits.layers) -> Self {
    let kinds = defaults.map(\.key)
    let expected = "a list of layers, as in [\(kinds.prefix(3).joined(separator: ", "))]"
    func layer(_ node: Node, _ reader: inout FieldReader) -> LayerSpec? {
      guard let kind = node.layerKind else {
        reader.report(node, expected: "the name of a layer, or a map from it to its settings")
        return nil
      }
      guard let standard = defaults.first(where: { $0.key == kind }) else {
        let suggestion = reader.isHelpful ? EditDistance.closest(to: kind, among: kinds) : nil
        let mark = if case .mapping(let entries) = node.content { entries[0].keyMark } else { node.mark }
        let note = suggestion == nil ? "the layers are \(kinds.joined(separator: ", "))" : nil
        reader.report(
          mark.error("\(reader.dottedPath) is '\(kind.shortened)', which is no layer", note: note, suggestion: suggestion))
        return nil
      }
      var choice = standard
      if case .mapping(let entries) = node.content {
        standard.schema(nesting: defaults).read(entries[0].value, into: &choice, &reader)
      }
      return LayerSpec(choice)
    }
    return FieldType(
      expected: expected, schema: .object([(key: "$ref", value: .string("#/$defs/layers"))]),
      read: { node, value, reader in
        guard case .sequence(let items) = node.content else { return reader.report(node, expected: expected) }
        guard count.contains(items.count) else {
          let few = items.count < count.lowerBound
          return reader.report(
            node.mark.error(
              "\(reader.dottedPath) must have \(few ? "a layer" : "\(count.upperBound) layers at most"), but has \(items.count)"))
        }
        let names = Node.layerNames(of: items)?.names ?? items.indices.map(String.init)
        value = zip(items, names).compactMap { item, name in
          var found: LayerSpec?
          reader.descend(name) { found = layer(item, &$0) }
          return found
        }
      },
      write: { layers in
        .sequence(
          layers.map { layer in
            let standard = defaults.first { $0.key == layer.kind } ?? layer.choice
            let schema = standard.schema(nesting: defaults)
            guard let difference = schema.write(layer.choice).difference(from: schema.write(standard)) else {
              return .plain(layer.kind)
            }
            return .mapping([(key: layer.kind, value: difference)])
          })
      })
  }
}

extension FieldType where Value == [LayerSpec] {
  /// The JSON Schema of a list of layers of `catalog`, to which every list refers.
  static func definition(_ catalog: Catalog) -> JSON {
    let names = JSON.object([(key: "enum", value: .array(catalog.keys.map(JSON.string)))])
    let maps = JSON.object([
      (key: "type", value: .string("object")), (key: "additionalProperties", value: .bool(false)),
      (key: "minProperties", value: .number("1")), (key: "maxProperties", value: .number("1")),
      (key: "properties", value: .object(catalog.schemas.map { (key: $0.name, value: $0.schema.withoutDefaults) })),
    ])
    return .object([
      (key: "type", value: .string("array")),
      (key: "items", value: .object([(key: "anyOf", value: .array([names, maps]))])),
    ])
  }
}

extension FieldType where Value == [Int: LevelSpec] {
  /// `at` of a network: what is otherwise at single resolutions.
  static func levels(_ defaults: [Choice]) -> Self {
    let layers = FieldType<[LayerSpec]>.layers(defaults)
    let level = FieldType<LevelSpec>.object(
      ObjectSchema(
        name: "a resolution", blank: LevelSpec(),
        fields: [
          Field("before", \.before, layers, "Layers before those of the resolution"),
          Field("block", \.block, .optional(layers, blank: []), "Layers in their place"),
          Field("after", \.after, layers, "Layers after them"),
        ]))
    let side = FieldType<Int>.powerOfTwo(SpecLimits.resolutions)
    let expected = "a map from resolutions to layers, as in {32: {after: [...]}}"
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .array([.string("object"), .string("null")])),
        (key: "additionalProperties", value: .bool(false)),
        (key: "patternProperties", value: .object([(key: "^[0-9]+$", value: level.schema)])),
      ]),
      read: { node, value, reader in
        guard let entries = node.entries else { return reader.report(node, expected: expected) }
        for entry in entries {
          reader.descend(entry.key) { reader in
            guard let resolution = try? NumberGrammar.integer(entry.key, as: Int.self), SpecLimits.isResolution(resolution) else {
              return reader.report(entry.keyMark.error("'\(entry.key.shortened)' must be \(side.expected)"))
            }
            var found = LevelSpec()
            level.read(entry.value, &found, &reader)
            value[resolution] = found
          }
        }
      },
      write: { levels in
        .mapping(
          levels.sorted { $0.key < $1.key }.compactMap { resolution, spec in
            level.write(spec).map { (key: String(resolution), value: $0) }
          })
      },
      settings: level.settings, steps: ["N"])
  }
}
