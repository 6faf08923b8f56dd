import Basics

extension FieldType {
  /// A map with the fields of `schema`.
  static func object(_ schema: ObjectSchema<Value>) -> Self {
    FieldType(
      expected: schema.expected, schema: schema.schema, read: schema.read, write: schema.write, settings: schema.settings)
  }

  /// A list of `count` elements, each read over `blank`.
  static func list<Element>(of element: FieldType<Element>, blank: Element, count: ClosedRange<Int>) -> Self
  where Value == [Element] {
    let expected =
      (count.lowerBound > 0 ? "a list of \(count.lowerBound) to \(count.upperBound) items" : "a list")
      + (element.settings.isEmpty ? ", each item \(element.expected)" : "")
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .string("array")), (key: "items", value: element.schema),
        (key: "minItems", value: .number(String(count.lowerBound))),
        (key: "maxItems", value: .number(String(count.upperBound))),
      ]),
      read: { node, value, reader in
        guard case .sequence(let items) = node.content else { return reader.report(node, expected: expected) }
        guard count.contains(items.count) else {
          return reader.report(node.mark.error("\(reader.dottedPath) must be \(expected), but has \(items.count)"))
        }
        value = items.enumerated().map { index, item in
          var value = blank
          reader.descend(String(index)) { element.read(item, &value, &$0) }
          return value
        }
      },
      write: { .sequence($0.compactMap(element.write)) },
      settings: element.settings, steps: element.settings.isEmpty ? [] : ["N"])
  }

  /// A value that may be absent; when the key is there, it is read over `blank`.
  static func optional<Wrapped>(_ type: FieldType<Wrapped>, blank: Wrapped) -> Self where Value == Wrapped? {
    FieldType(
      expected: type.expected, schema: type.schema.withoutNull,
      read: { node, value, reader in
        if case .scalar("", isPlain: true) = node.content {
          return reader.report(node, expected: type.expected, note: "leave the key out when there is none")
        }
        var wrapped = blank
        type.read(node, &wrapped, &reader)
        value = wrapped
      },
      write: { $0.flatMap(type.write) },
      settings: type.settings)
  }

  /// A map from the names of a catalogue to elements of one kind, in the order of the file; at least one.
  static func catalogue<Element>(
    _ schemas: [ObjectSchema<Element>], name: KeyPath<Element, String>, kind: String, plural: String = "terms"
  ) -> Self where Value == [Element] {
    let names = schemas.map(\.name)
    let expected = "a map with at least one of " + names.joined(separator: ", ")
    func schema(of element: Element) -> ObjectSchema<Element>? { schemas.first { $0.name == element[keyPath: name] } }
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
          var element = schema.blank
          reader.descend(entry.key) { schema.read(entry.value, into: &element, &$0) }
          return element
        }
      },
      write: { .mapping($0.compactMap { element in schema(of: element).map { (key: $0.name, value: $0.write(element)) } }) },
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
