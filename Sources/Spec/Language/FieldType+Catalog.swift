import Basics

extension FieldType where Value == [Choice] {
  /// A map from keys of `catalog` to settings, in the order of the file; at least one. `kind` is what a key is.
  static func catalog(_ catalog: Catalog, kind: String, plural: String) -> Self {
    let schemas = catalog.schemas
    let names = catalog.keys
    let expected = "a map with at least one of " + names.joined(separator: ", ")
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .string("object")), (key: "additionalProperties", value: .bool(false)),
        (key: "minProperties", value: .number("1")),
        (key: "properties", value: .object(schemas.map { (key: $0.name, value: $0.schema) })),
      ]),
      read: { node, value, reader in
        guard let entries = node.entries, !entries.isEmpty else { return reader.report(node, expected: expected) }
        value = entries.compactMap { entry in
          guard let schema = schemas.first(where: { $0.name == entry.key }) else {
            reader.descend(entry.key) {
              let suggestion = $0.isHelpful ? EditDistance.closest(to: entry.key, among: names) : nil
              let note = suggestion == nil ? "the \(plural) are \(names.joined(separator: ", "))" : nil
              $0.report(entry.keyMark.error("'\(entry.key)' is not \(kind)", note: note, suggestion: suggestion))
            }
            return nil
          }
          var choice = schema.blank
          reader.descend(entry.key) { schema.read(entry.value, into: &choice, &$0) }
          return choice
        }
      },
      write: { .mapping($0.map { (key: $0.key, value: $0.yaml) }) },
      settings: schemas.flatMap { schema in
        [SettingDescription(path: [schema.name], expected: schema.expected, defaultText: "not there", doc: schema.doc)]
          + schema.settings.map { setting in
            var setting = setting
            setting.path = [schema.name] + setting.path
            return setting
          }
      })
  }
}

extension FieldType where Value == [Choice] {
  /// A map from keys of `catalog` to settings, which holds them in the order of the catalog; it may be empty.
  static func choices(of catalog: Catalog, name: String) -> Self {
    var type = FieldType.object(
      ObjectSchema(
        name: name, blank: [],
        fields: catalog.choices.map { choice in
          Field(
            choice.key, \.[choice.key], .optional(.object(choice.erasedSchema), blank: choice), choice.erasedSchema.doc,
            example: choice.yaml.flow)
        }))
    type.write = { .mapping($0.map { (key: $0.key, value: $0.yaml) }) }
    return type
  }

  /// A list of keys of `catalog`, each with the settings that it has.
  static func keys(of catalog: Catalog) -> Self {
    .list(of: .key(of: catalog), blank: catalog.choices.first ?? .none, count: 1...max(1, catalog.types.count))
  }
}

extension Array where Element == Choice {
  /// The choice of a type with this key. A new one comes last.
  fileprivate subscript(key: String) -> Choice? {
    get { first { $0.key == key } }
    set {
      removeAll { $0.key == key }
      if let newValue { append(newValue) }
    }
  }
}

extension FieldType where Value == Choice {
  /// A map with exactly one key of `catalog`.
  static func one(of catalog: Catalog, kind: String) -> Self {
    let type = FieldType<[Choice]>.catalog(catalog, kind: kind, plural: "choices")
    let expected = "a map with one of " + catalog.keys.joined(separator: ", ")
    var settings = type.settings
    for index in settings.indices where settings[index].path.count == 1 { settings[index].defaultText = "one of these" }
    return FieldType(
      expected: expected, schema: type.schema.adding([(key: "maxProperties", value: .number("1"))]),
      read: { node, value, reader in
        guard let entries = node.entries, !entries.isEmpty else { return reader.report(node, expected: expected) }
        guard entries.count == 1 else { return reader.report(node, expected: expected, entries: entries) }
        var values: [Choice] = []
        type.read(node, &values, &reader)
        if let first = values.first { value = first }
      },
      write: { type.write([$0]) }, settings: settings)
  }

  /// The key of one of `catalog`, with the settings that it has.
  static func key(of catalog: Catalog) -> Self {
    .named(catalog.keys, name: \.key) { key in catalog.type(key).map { Choice($0) } }
  }
}

extension FieldType {
  /// A value that is called by one of some names, or made of a number, which `number` gives back.
  package static func words(
    _ words: [(name: String, value: Value)], or type: FieldType<Double>, _ make: @escaping (Double) -> Value,
    number: @escaping (Value) -> Double?
  ) -> Self where Value: Equatable {
    let expected = "\(words.map(\.name).joined(separator: ", ")) or \(type.expected)"
    return FieldType(
      expected: expected,
      schema: .object([
        (
          key: "anyOf",
          value: .array([.object([(key: "enum", value: .array(words.map { .string($0.name) }))]), type.schema])
        )
      ]),
      read: { node, value, reader in
        guard case .scalar(let text, _) = node.content else { return reader.report(node, expected: expected) }
        if let word = words.first(where: { $0.name == text }) { return value = word.value }
        let isNumber = (try? NumberGrammar.number(text)) != nil
        guard isNumber else {
          return reader.report(node, expected: expected, suggestion: EditDistance.closest(to: text, among: words.map(\.name)))
        }
        var found = Double.nan
        type.read(node, &found, &reader)
        if !found.isNaN { value = make(found) }
      },
      write: { value in
        if let number = number(value) { return .plain(number.spelled) }
        return words.first { $0.value == value }.map { .plain($0.name) }
      })
  }

  /// A value that is called by one of some names.
  static func named(_ names: [String], name: @escaping (Value) -> String, value: @escaping (String) -> Value?) -> Self {
    let expected = (names.count > 1 ? names.dropLast().joined(separator: ", ") + " or " : "") + (names.last ?? "")
    return FieldType(
      expected: expected,
      schema: .object([(key: "enum", value: .array(names.map(JSON.string)))]),
      read: { node, read, reader in
        guard case .scalar(let text, _) = node.content, let found = value(text) else {
          let text = if case .scalar(let text, _) = node.content { text } else { "" }
          return reader.report(node, expected: expected, suggestion: EditDistance.closest(to: text, among: names))
        }
        read = found
      },
      write: { .plain(name($0)) })
  }
}
