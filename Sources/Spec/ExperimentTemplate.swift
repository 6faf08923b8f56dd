import Basics

/// An experiment's file that was read once, of which many variants are made: reading it anew for each of ten thousand takes a minute.
package struct ExperimentTemplate {
  private let path: String
  private let root: Node
  /// Overrides that all variants have, which come before their own.
  private let shared: Int
  private let schema: ObjectSchema<ExperimentSpec>
  private let known: KnownPaths
  private let language: Language

  /// The experiment in `text`, read as if it were in the file at `path`, with `overrides` that all variants have.
  /// - Throws: what keeps it from being read at all; other mistakes are those of each variant.
  package init(text: String, path: String, overrides: [String], language: Language) throws(Diagnostics) {
    let text = try SpecFile.string(from: Array(text.utf8), file: path)
    let document = YAMLReader.read(text, source: SourceText(file: path, text: text))
    guard document.diagnostics.isEmpty, var root = document.root else {
      throw Diagnostics(
        document.diagnostics.isEmpty ? [Diagnostic("there is nothing in this spec", file: path)] : document.diagnostics)
    }
    let problems = try root.prepare(overrides, from: nil, language: language, isRecorded: false)
    guard problems.isEmpty else { throw Diagnostics(problems) }
    let schema = ExperimentSpec.schema(language)
    self.path = path
    self.root = root
    shared = overrides.count
    self.schema = schema
    known = KnownPaths(schema.settings)
    self.language = language
  }

  /// The variant with `overrides`. Throws every mistake at once, sorted by place.
  package func spec(_ overrides: [String]) throws(Diagnostics) -> ExperimentSpec {
    var root = root
    var problems = root.apply(overrides, after: shared, language)
    var reader = FieldReader(known)
    var spec = schema.blank
    schema.read(root, into: &spec, &reader)
    spec.resolve(path: path)
    problems +=
      reader.diagnostics + SpecChecks(spec: spec, root: root, reader: reader, language: language, isRecorded: false).mistakes
    let files = [path] + (0..<shared + overrides.count).map { "override \($0 + 1)" }
    guard problems.isEmpty else { throw Diagnostics(problems, inOrderOf: files) }
    return spec
  }
}
