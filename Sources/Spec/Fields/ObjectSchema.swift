import Basics

/// A map with fixed keys: how a `Root` looks in YAML.
///
///     let schema = ObjectSchema(
///       "adam", "Adam (Kingma & Ba 2015)", Settings(),
///       Field("rate", \.rate, .number(.above(0, to: 1)), "Learning rate"),
///       Field("beta1", \.beta1, .number(.from(0, below: 1)), "Decay of the mean of the gradients"))
///     schema.expected                 // "a map with the settings rate, beta1"
package struct ObjectSchema<Root> {
  /// As in `'rte' is not a setting of adam`.
  let name: String
  /// What the map is about, where it has a name of its own.
  var doc = ""
  /// A value with every default, and anything in the required fields.
  let blank: Root
  /// In the order in which they are read and written.
  let fields: [Field<Root>]

  /// The map of a ``Declared`` thing: its key, what it does in one sentence without a full stop, its defaults, its fields.
  package init(_ name: String, _ doc: String, _ blank: Root, _ fields: Field<Root>...) {
    self.init(name: name, doc: doc, blank: blank, fields: fields)
  }

  /// The same with fields that several things share.
  package init(_ name: String, _ doc: String, _ blank: Root, fields: [Field<Root>], _ shared: [Field<Root>]) {
    self.init(name: name, doc: doc, blank: blank, fields: fields + shared)
  }

  init(name: String, doc: String = "", blank: Root, fields: [Field<Root>]) {
    self.name = name
    self.doc = doc
    self.blank = blank
    self.fields = fields
  }

  /// The same map of a value that holds a `Root`.
  func lifted<Outer>(
    blank: Outer, _ get: @escaping (Outer) -> Root, set: @escaping (inout Outer, Root) -> Void
  ) -> ObjectSchema<Outer> {
    ObjectSchema<Outer>(name: name, doc: doc, blank: blank, fields: fields.map { $0.lifted(get, set: set) })
  }

  /// The fields of `node` over what `root` holds.
  func read(_ node: Node, into root: inout Root, _ reader: inout FieldReader) {
    guard let entries = node.entries else {
      return reader.report(node, expected: expected)
    }
    var absent = fields.map(\.key).filter { key in !entries.contains { $0.key == key } }
    for entry in entries where !fields.contains(where: { $0.key == entry.key }) {
      let suggestion = suggestion(for: entry.key, absent: absent, reader)
      absent.removeAll { $0 == suggestion }
      // Not as failing the whole map: its other settings are still worth checking.
      reader.descend(entry.key) {
        let note = suggestion == nil ? settingsNote : nil
        $0.report(entry.keyMark.error("'\(entry.key)' is not a setting of \(name)", note: note, suggestion: suggestion))
        if let suggestion { $0.doubt(sibling: suggestion) }
      }
    }
    for field in fields {
      let entry = entries.first { $0.key == field.key }
      if entry == nil, field.isRequired, absent.contains(field.key) {
        let place = reader.path.isEmpty ? Mark(source: node.mark.source) : node.label ?? node.mark
        let message = "\((reader.path + [field.key]).joined(separator: ".")) is missing"
        reader.descend(field.key) {
          $0.report(place.error(message, note: field.doc.prefix(1).lowercased() + field.doc.dropFirst()))
        }
      }
      field.read(entry?.value, &root, &reader)
    }
  }

  /// The map with every field that has something to say.
  func write(_ root: Root) -> YAMLValue {
    .mapping(fields.compactMap { field in field.write(root).map { (key: field.key, value: $0) } })
  }

  /// A map with some of the keys.
  var expected: String {
    if fields.isEmpty { return "{}" }
    return "a map with the settings \(fields.prefix(3).map(\.key).joined(separator: ", "))" + (fields.count > 3 ? " ..." : "")
  }

  /// A JSON Schema that allows these keys only.
  var schema: JSON {
    let required = fields.filter(\.isRequired).map { JSON.string($0.key) }
    return .object(
      [
        (key: "type", value: required.isEmpty ? .array([.string("object"), .string("null")]) : .string("object")),
        (key: "additionalProperties", value: .bool(false)),
        (key: "properties", value: .object(fields.map { (key: $0.key, value: $0.schema(blank)) })),
      ] + (required.isEmpty ? [] : [(key: "required", value: .array(required))]))
  }

  /// The settings below, in order.
  var settings: [SettingDescription] { fields.flatMap { $0.settings(blank) } }

  /// The key that was meant: one of this map that is not taken, the path of one elsewhere, or one that is taken.
  private func suggestion(for key: String, absent: [String], _ reader: FieldReader) -> String? {
    guard reader.isHelpful else { return nil }
    return EditDistance.closest(to: key, among: absent) ?? reader.knownPath(to: key)
      ?? EditDistance.closest(to: key, among: fields.map(\.key))
  }

  private var settingsNote: String {
    fields.isEmpty ? "it has no settings" : "its settings are \(fields.map(\.key).joined(separator: ", "))"
  }
}
