import Basics

/// What one parameter's map says, before it is known to say one thing.
private struct ParameterDraft {
  var values: [String]?
  var choices: [String]?
  var uniform: ClosedRange<Double>?
  var logUniform: ClosedRange<Double>?
  var integers: ClosedRange<Int>?

  static var schema: ObjectSchema<ParameterDraft> {
    ObjectSchema(
      name: "a parameter", blank: ParameterDraft(),
      fields: [
        Field("values", \.values, .optional(.values, blank: []), "These values", example: "[1, 10, 100]"),
        Field("choices", \.choices, .optional(.values, blank: []), "The same as values", example: "[reflect, zeros]"),
        Field(
          "uniform", \.uniform, .optional(.numbers(.any), blank: 0...0), "Any number of this range, each equally likely",
          example: "[0, 0.9]"),
        Field(
          "log_uniform", \.logUniform, .optional(.numbers(.above(0)), blank: 1...1),
          "Any number of this range, its logarithm equally likely", example: "[1e-4, 1e-2]"),
        Field("integers", \.integers, .optional(.integers, blank: 0...0), "An integer of this range", example: "[1, 8]"),
      ])
  }

  /// The spaces that are given.
  var spaces: [ParameterSpec.Space] {
    [
      (values ?? choices).map { .choices($0.map { [$0] }) }, values == nil ? nil : choices.map { .choices($0.map { [$0] }) },
      uniform.map { .uniform($0) }, logUniform.map { .logUniform($0) }, integers.map { .integers($0) },
    ].compactMap { $0 }
  }
}

extension FieldType where Value == [ParameterSpec] {
  /// The key of settings whose values go together.
  static var zipKey: String { "zip" }

  /// A map from paths of settings to what they may be; under `zip` lists of values that go together.
  static var parameters: Self {
    let expected = "a map from settings to what they may be, as in optimizer.adam.rate: {values: [1e-4, 1e-3]}"
    let draft = FieldType<ParameterDraft>.object(ParameterDraft.schema)
    let expectedSpace = "a map with one of " + ParameterDraft.schema.fields.map(\.key).joined(separator: ", ")
    let expectedZip = "a map from settings to lists of as many values"
    func space(_ node: Node, _ reader: inout FieldReader) -> ParameterSpec.Space? {
      guard node.entries != nil else {
        let note =
          if case .sequence = node.content { "for a list write {values: \(node.value.flow.shortened)}" } else { nil as String? }
        reader.report(node, expected: expectedSpace, note: note)
        return nil
      }
      var value = ParameterDraft.schema.blank
      let before = reader.diagnostics.count
      draft.read(node, &value, &reader)
      guard reader.diagnostics.count == before else { return nil }
      guard value.spaces.count == 1 else {
        if let entries = node.entries, !entries.isEmpty {
          reader.report(node, expected: expectedSpace, entries: entries)
        } else {
          reader.report(node, expected: expectedSpace)
        }
        return nil
      }
      return value.spaces[0]
    }
    func zip(_ node: Node, _ reader: inout FieldReader) -> ParameterSpec? {
      guard let entries = node.entries, entries.count > 1 else {
        reader.report(node, expected: expectedZip, note: "at least two settings go together")
        return nil
      }
      var lists: [[String]] = []
      for entry in entries {
        var list: [String] = []
        reader.descend(entry.key) { FieldType<[String]>.column.read(entry.value, &list, &$0) }
        lists.append(list)
      }
      guard lists.allSatisfy({ !$0.isEmpty }) else { return nil }
      if let odd = lists.indices.first(where: { lists[$0].count != lists[0].count }) {
        let (first, other) = (lists[0].count, lists[odd].count)
        let message = "parameters.zip.\(entries[odd].key) has \(other) values, but \(entries[0].key) has \(first)"
        reader.report(entries[odd].value.mark.error(message, note: "values of zip go together one by one"))
        return nil
      }
      let rows = lists[0].indices.map { index in lists.map { $0[index] } }
      if let twin = rows.firstTwin, case .sequence(let items) = entries[0].value.content {
        let row = Swift.zip(entries, rows[twin]).map { "\($0.key) \($1.shortened)" }.joined(separator: ", ")
        reader.report(items[twin].mark.error("\(reader.dottedPath) has the row \(row) twice", note: "each row is a set of values"))
        return nil
      }
      return ParameterSpec(paths: entries.map(\.key), space: .choices(rows))
    }
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .string("object")), (key: "minProperties", value: .number("1")),
        (
          key: "properties",
          value: .object([
            (
              key: zipKey,
              value: .object([
                (key: "type", value: .string("object")), (key: "minProperties", value: .number("2")),
                (key: "additionalProperties", value: FieldType<[String]>.column.schema),
                (key: "description", value: .string("Settings whose values go together, the first with the first and so on")),
              ])
            )
          ])
        ),
        (
          key: "additionalProperties",
          value: draft.schema.withoutNull.adding([
            (key: "minProperties", value: .number("1")), (key: "maxProperties", value: .number("1")),
          ])
        ),
      ]),
      read: { node, value, reader in
        guard let entries = node.entries, !entries.isEmpty else { return reader.report(node, expected: expected) }
        value = entries.compactMap { entry in
          var parameter: ParameterSpec?
          reader.descend(entry.key) {
            parameter =
              entry.key == zipKey
              ? zip(entry.value, &$0) : space(entry.value, &$0).map { ParameterSpec(paths: [entry.key], space: $0) }
          }
          return parameter
        }
      },
      write: { _ in nil }, settings: settings(draft))
  }

  /// For the reference.
  private static func settings(_ draft: FieldType<ParameterDraft>) -> [SettingDescription] {
    let own = draft.settings.map { setting in
      var setting = setting
      setting.path = ["PATH"] + setting.path
      return setting
    }
    let zip = SettingDescription(
      path: [zipKey], expected: "a map from settings to lists of as many values", defaultText: "none",
      doc: "Settings whose values go together, the first with the first and so on",
      example: "{generator.widths: [[64], [32]], discriminator.widths: [[64], [32]]}")
    return own + [zip]
  }
}
