import Basics

extension SweepSpec {
  /// The sweep in the file at `path`. The experiment that it names is not looked at.
  /// - Throws: every mistake at once, sorted by place.
  package static func read(path: String, _ language: Language) throws(Diagnostics) -> SweepSpec {
    try read(text: SpecFile.text(at: path), path: path, language)
  }

  /// The sweep in `text`, which is read as if it were in the file at `path`.
  package static func read(text: String, path: String, _ language: Language) throws(Diagnostics) -> SweepSpec {
    let text = try SpecFile.string(from: Array(text.utf8), file: path)
    let document = YAMLReader.read(text, source: SourceText(file: path, text: text))
    var problems = document.diagnostics
    guard let root = document.root else {
      if problems.isEmpty { problems = [Diagnostic("there is nothing in this spec", file: path)] }
      throw Diagnostics(problems)
    }
    let schema = schema(language)
    var reader = FieldReader(KnownPaths(schema.settings))
    var sweep = schema.blank
    schema.read(root, into: &sweep, &reader)
    sweep.resolveAblation()
    sweep.experimentPath = ExperimentSpec.absolute(sweep.experiment, besides: path)
    problems += reader.diagnostics
    problems += SweepChecks(sweep: sweep, root: root, reader: reader, language: language).mistakes
    guard problems.isEmpty else { throw Diagnostics(problems) }
    return sweep
  }

  /// A mistake in the setting `key` of the sweep in `text`, which was read before from the file at `path`.
  package static func mistake(at key: String, in text: String, path: String, _ message: String, note: String) -> Diagnostic {
    let root = YAMLReader.read(text, source: SourceText(file: path, text: text)).root
    return root?.nearest(to: SpecPath(steps: [key])).mark.error(message, note: note) ?? Diagnostic(message, file: path, note: note)
  }

  /// Whether `text` is meant as a sweep rather than as an experiment: it names an experiment or parameters.
  package static func isMeant(by text: String, path: String) -> Bool {
    guard let entries = YAMLReader.read(text, source: SourceText(file: path, text: text)).root?.entries else { return false }
    return entries.contains { ["experiment", "parameters", "ablate"].contains($0.key) }
  }

  /// Whether `text` is meant as an experiment rather than as a sweep: it describes networks, images or a schedule.
  package static func isExperiment(_ text: String, path: String) -> Bool {
    guard let entries = YAMLReader.read(text, source: SourceText(file: path, text: text)).root?.entries else { return false }
    let keys = entries.map(\.key)
    let isSweep = keys.contains { ["experiment", "parameters", "ablate"].contains($0) }
    return !isSweep && keys.contains { ["data", "generator", "discriminator", "schedule", "loss"].contains($0) }
  }

  /// The JSON Schema (draft 2020-12) of sweep files, for editors.
  package static func jsonSchema(_ language: Language) -> String {
    let head: [(key: String, value: JSON)] = [
      (key: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
      (key: "title", value: .string("A Fadein sweep")),
    ]
    return JSON.object(head).adding(schema(language).schema.entries).text() + "\n"
  }

  /// Every setting of a sweep file with its values, default and meaning, in Markdown.
  package static func reference(_ language: Language) -> String {
    SettingReference(
      settings: schema(language).settings, title: "Settings of a sweep",
      introduction: "`PATH` stands for the dotted path of a setting of the experiment. A setting without a default must be given."
    ).markdown
  }
}
