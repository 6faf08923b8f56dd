import Basics

/// One key of a map in a spec. This declaration is all there is to say about a setting: it parses, writes, suggests, and
/// yields the JSON Schema and the reference.
///
///     Field("slope", \.slope, .number(.from(0, below: 1)), "The part that is kept of what is below zero")
///     // in a spec: `slope: 0.2`; without the key, the blank value's; `slope: 2` is a mistake with its line
package struct Field<Root> {
  /// Where a field that is not in the file gets its value.
  package enum Default<Value> {
    /// Nowhere: the key must be there.
    case required
    /// The blank value's.
    case blank
    /// Found after reading, as these words say.
    case derived(String)
    /// What another field has; only differences are written.
    case same(as: WritableKeyPath<Root, Value>, key: String)
  }

  let key: String
  let doc: String
  let isRequired: Bool
  /// Reads the entry, or settles the default when there is none.
  let read: (Node?, inout Root, inout FieldReader) -> Void
  let write: (Root) -> YAMLValue?
  /// The field in a map whose blank value this is.
  let schema: (Root) -> JSON
  let settings: (Root) -> [SettingDescription]

  /// A field `key` for the property at `path`. Its type may depend on the fields before it.
  init<Value>(
    _ key: String, _ path: WritableKeyPath<Root, Value>, _ doc: String, default: Default<Value> = .blank, example: String? = nil,
    type: @escaping (Root) -> FieldType<Value>
  ) {
    self.key = key
    self.doc = doc
    if case .required = `default` { isRequired = true } else { isRequired = false }
    read = { node, root, reader in
      if case .same(let other, _) = `default` { root[keyPath: path] = root[keyPath: other] }
      guard let node else { return }
      let type = type(root)
      reader.descend(key) { type.read(node, &root[keyPath: path], &$0) }
    }
    write = { root in
      let value = type(root).write(root[keyPath: path])
      guard case .same(let other, _) = `default` else { return value }
      return value?.difference(from: type(root).write(root[keyPath: other]))
    }
    let defaultValue: (Root) -> YAMLValue? = { blank in
      if case .blank = `default` { type(blank).write(blank[keyPath: path]) } else { nil }
    }
    schema = { blank in
      let type = type(blank)
      var extras = [(key: "description", value: JSON.string(doc))]
      if type.settings.isEmpty, let value = defaultValue(blank) { extras.append((key: "default", value: JSON(value))) }
      if let example { extras.append((key: "examples", value: .array([JSON(exampleText: example)]))) }
      if case .same = `default` { return type.schema.withoutDefaults.adding(extras) }
      return type.schema.adding(extras)
    }
    settings = { blank in
      let type = type(blank)
      let inherited: [String]? = if case .same(_, let key) = `default` { key.split(separator: ".").map(String.init) } else { nil }
      let below = type.settings.map { setting in
        var setting = setting
        if let inherited { setting.defaultText = "that of `\((inherited + setting.path).joined(separator: "."))`" }
        setting.path = [key] + type.steps + setting.path
        return setting
      }
      let defaultText: String? =
        switch `default` {
        case .required: nil
        case .blank: defaultValue(blank).map { "`\($0.flow)`" } ?? "none"
        case .derived(let words): words
        case .same(_, let key): "that of `\(key)`"
        }
      let isMap = !below.isEmpty && type.steps.isEmpty && defaultText != "none"
      let own = SettingDescription(path: [key], expected: type.expected, defaultText: defaultText, doc: doc, example: example)
      return (isMap ? [] : [own]) + below
    }
  }

  /// The same field of a value that holds a `Root`.
  func lifted<Outer>(_ get: @escaping (Outer) -> Root, set: @escaping (inout Outer, Root) -> Void) -> Field<Outer> {
    Field<Outer>(
      key: key, doc: doc, isRequired: isRequired,
      read: { node, outer, reader in
        var root = get(outer)
        read(node, &root, &reader)
        set(&outer, root)
      },
      write: { write(get($0)) }, schema: { schema(get($0)) }, settings: { settings(get($0)) })
  }

  init(
    key: String, doc: String, isRequired: Bool, read: @escaping (Node?, inout Root, inout FieldReader) -> Void,
    write: @escaping (Root) -> YAMLValue?, schema: @escaping (Root) -> JSON, settings: @escaping (Root) -> [SettingDescription]
  ) {
    self.key = key
    self.doc = doc
    self.isRequired = isRequired
    self.read = read
    self.write = write
    self.schema = schema
    self.settings = settings
  }

  /// A field that must be there and has one value, which no property holds: the version of a language.
  static func constant(_ key: String, _ value: Int, _ doc: String) -> Field {
    Field<Int>(key, \.self, .integer(value...value), doc, default: .required).lifted({ _ in value }, set: { _, _ in })
  }

  /// A field whose type depends on nothing.
  package init<Value>(
    _ key: String, _ path: WritableKeyPath<Root, Value>, _ type: FieldType<Value>, _ doc: String,
    default: Default<Value> = .blank, example: String? = nil
  ) {
    self.init(key, path, doc, default: `default`, example: example) { _ in type }
  }
}

extension JSON {
  /// The JSON for one line of YAML in a declaration.
  fileprivate init(exampleText: String) {
    let (root, mistakes) = YAMLReader.read(exampleText, source: SourceText(file: "example", text: exampleText))
    guard let root, mistakes.isEmpty else { preconditionFailure("the example \(exampleText) is not YAML") }
    self = JSON(root.value)
  }
}
