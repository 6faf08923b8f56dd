import Basics

extension ExperimentSpec {
  /// The spec with every default written out. Reading it again, from any directory, gives an equal spec but for
  /// `data.folder`, which is absolute in it.
  package var yaml: String { resolvedValue.block() }

  /// ``yaml`` as a run keeps it. Throws when it could not be read back, since it is larger than a spec may be: written out,
  /// a spec may be far longer than it was.
  package func readableYAML(_ language: Language) throws(Diagnostics) -> String {
    let text = yaml
    func refuse(_ reason: String) -> Diagnostics {
      Diagnostics(
        "this spec is too large with every setting written out: \(reason)",
        note: "a run keeps it so in its spec.yaml; shorten its longest lists, such as data.exclude", exitCode: .badData)
    }
    guard text.utf8.count <= SpecFile.largest else {
      throw refuse("it has \(text.utf8.count) bytes, and a spec may have \(SpecFile.largest) at most")
    }
    do throws(Diagnostics) {
      _ = try Self.read(text: text, path: "spec.yaml", language: language, isRecorded: true)
    } catch {
      throw refuse(error.items[0].message)
    }
    return text
  }

  /// Every setting as `(dotted path, value in YAML)`, in the order of the spec.
  package var settings: [(path: String, value: String)] { resolvedValue.leaves() }

  /// The JSON Schema (draft 2020-12) of experiments, for editors.
  package static func jsonSchema(_ language: Language) -> String {
    let head: [(key: String, value: JSON)] = [
      (key: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
      (key: "title", value: .string("A Fadein experiment")),
    ]
    let defs: [(key: String, value: JSON)] = [
      (key: "$defs", value: .object([(key: "layers", value: FieldType<[LayerSpec]>.definition(language.layers))]))
    ]
    return JSON.object(head).adding(schema(language).schema.entries).adding(defs).text() + "\n"
  }

  /// Every setting with its values, default and meaning, in Markdown.
  package static func reference(_ language: Language) -> String {
    SettingReference(settings: schema(language).settings).markdown
  }

  private var resolvedValue: YAMLValue {
    var spec = self
    spec.data.folder = data.path
    return Self.schema(Language()).write(spec)
  }
}
