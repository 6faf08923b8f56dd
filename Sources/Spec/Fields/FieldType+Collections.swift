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

  /// A value, or `word` where there is none.
  package static func either<Wrapped>(_ word: String, or type: FieldType<Wrapped>, blank: Wrapped) -> Self
  where Value == Wrapped? {
    FieldType(
      expected: "\(word) or \(type.expected)",
      schema: .object([
        (key: "anyOf", value: .array([.object([(key: "enum", value: .array([.string(word)]))]), type.schema]))
      ]),
      read: { node, value, reader in
        if case .scalar(word, _) = node.content { return value = nil }
        var wrapped = blank
        type.read(node, &wrapped, &reader)
        value = wrapped
      },
      write: { $0.map { type.write($0) } ?? .plain(word) })
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
}
