extension ExperimentSpec {
  /// The spec with every default written out. Reading it again, from any directory, gives an equal spec but for
  /// `data.folder`, which is absolute in it.
  package func yaml(terms: [TermDeclaration]) -> String { resolvedValue(terms: terms).block() }

  /// Every setting as `(dotted path, value in YAML)`, in the order of the spec.
  package func settings(terms: [TermDeclaration]) -> [(path: String, value: String)] { resolvedValue(terms: terms).leaves() }

  /// The JSON Schema (draft 2020-12) of experiments, for editors.
  package static func jsonSchema(terms: [TermDeclaration]) -> String {
    let head: [(key: String, value: JSON)] = [
      (key: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
      (key: "title", value: .string("A Fadein experiment")),
    ]
    return JSON.object(head).adding(schema(terms: terms).schema.entries).text() + "\n"
  }

  /// Every setting with its values, default and meaning, in Markdown.
  package static func reference(terms: [TermDeclaration]) -> String {
    SettingReference(settings: schema(terms: terms).settings).markdown
  }

  private func resolvedValue(terms: [TermDeclaration]) -> YAMLValue {
    var spec = self
    spec.data.folder = data.path
    return Self.schema(terms: terms).write(spec)
  }
}
