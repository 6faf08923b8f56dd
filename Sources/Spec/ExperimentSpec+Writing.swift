import Basics

extension ExperimentSpec {
  /// The spec with every default written out. Reading it again, from any directory, gives an equal spec but for
  /// `data.folder`, which is absolute in it.
  package func yaml(terms: [TermDeclaration]) -> String { resolvedValue(terms: terms).block() }

  /// ``yaml(terms:)`` as a run keeps it. Throws when it could not be read back, since it is larger than a spec may be: written out,
  /// a spec may be far longer than it was.
  package func readableYAML(terms: [TermDeclaration]) throws(Diagnostics) -> String {
    let text = yaml(terms: terms)
    func refuse(_ reason: String) -> Diagnostics {
      Diagnostics(
        "this spec is too large with every setting written out: \(reason)",
        note: "a run keeps it so in its spec.yaml; shorten its longest lists, such as data.exclude", exitCode: .badData)
    }
    guard text.utf8.count <= SpecFile.largest else {
      throw refuse("it has \(text.utf8.count) bytes, and a spec may have \(SpecFile.largest) at most")
    }
    do throws(Diagnostics) {
      _ = try Self.read(text: text, path: "spec.yaml", terms: terms, isRecorded: true)
    } catch {
      throw refuse(error.items[0].message)
    }
    return text
  }

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
