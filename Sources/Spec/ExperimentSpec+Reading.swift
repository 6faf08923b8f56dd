import Basics
import Foundation

extension ExperimentSpec {
  /// The experiment in the file at `path`, with `overrides` applied in order.
  /// - Parameters:
  ///   - folder: where paths in overrides are seen from; the spec's own folder by default
  ///   - language: what the spec can name
  ///   - checkingFiles: whether the data folder must exist
  ///   - isRecorded: whether it is a run's own spec: earlier versions took columns that are never measured
  /// - Throws: every mistake at once, sorted by place.
  package static func read(
    path: String, overrides: [String] = [], from folder: String? = nil, language: Language, checkingFiles: Bool,
    isRecorded: Bool = false
  ) throws(Diagnostics) -> ExperimentSpec {
    let text = try SpecFile.text(at: path)
    return try read(
      text: text, path: path, overrides: overrides, from: folder, language: language, checkingFiles: checkingFiles,
      isRecorded: isRecorded)
  }

  /// The experiment in `text`, which is read as if it were in the file at `path`.
  package static func read(
    text: String, path: String, overrides: [String] = [], from folder: String? = nil, language: Language,
    checkingFiles: Bool = false, isRecorded: Bool = false
  ) throws(Diagnostics) -> ExperimentSpec {
    let text = try SpecFile.string(from: Array(text.utf8), file: path)
    let document = YAMLReader.read(text, source: SourceText(file: path, text: text))
    var problems = document.diagnostics
    guard var root = document.root else {
      if problems.isEmpty { problems = [Diagnostic("there is nothing in this spec", file: path)] }
      throw Diagnostics(problems)
    }
    problems += try root.prepare(overrides, from: folder, language: language, isRecorded: isRecorded)
    let schema = schema(language)
    var reader = FieldReader(KnownPaths(schema.settings))
    var spec = schema.blank
    schema.read(root, into: &spec, &reader)
    spec.resolve(path: path)
    problems +=
      reader.diagnostics + SpecChecks(spec: spec, root: root, reader: reader, language: language, isRecorded: isRecorded).mistakes
    let files = [path] + overrides.indices.map { "override \($0 + 1)" }
    guard problems.isEmpty else { throw Diagnostics(problems, inOrderOf: files) }
    spec.leaveOutUnreached()
    if checkingFiles { try spec.checkFiles(root, besides: path, folder == nil ? [] : overrides) }
    return spec
  }

  /// Fills in what follows from other settings and from the folder of the spec.
  mutating func resolve(path: String) {
    if data.resolution == 0 { data.resolution = schedule.phases.last?.resolution ?? 0 }
    data.path = Self.absolute(data.folder, besides: path)
  }

  /// Leaves out what recipes say of resolutions that no phase has; that a file says so is a mistake.
  private mutating func leaveOutUnreached() {
    let highest = schedule.phases.map(\.resolution).max() ?? 0
    generator.at = generator.at.filter { $0.key <= highest }
    discriminator.at = discriminator.at.filter { $0.key <= highest }
  }

  /// `folder` as an absolute path without `.` and `..`, seen from the folder of the file at `path`. Unlike Foundation's, a
  /// tilde is a name like any other.
  static func absolute(_ folder: String, besides path: String) -> String {
    WorkingFolder.absolute(folder, from: Path.join(path, ".."))
  }

  /// Looks for the data folder.
  private func checkFiles(_ root: Node, besides path: String, _ overrides: [String]) throws(Diagnostics) {
    var status = stat()
    let exists = stat(data.path.systemBytes, &status) == 0
    guard !exists || status.st_mode & S_IFMT != S_IFDIR else { return }
    let mark = root.nearest(to: SpecPath(steps: ["data", "folder"])).mark
    let message = exists ? "'\(data.path)' is not a folder" : "there is no folder '\(data.path)'"
    throw Diagnostics([mark.error(message, note: folderNote(besides: path, overrides))], exitCode: .inputNotFound)
  }

  /// What may help when the data folder is not there.
  private func folderNote(besides path: String, _ overrides: [String]) -> String {
    let key = "data.folder="
    guard let typed = overrides.last(where: { $0.hasPrefix(key) })?.dropFirst(key.count) else {
      let home = data.folder.hasPrefix("~/") ? "; a tilde is a name like any other in a spec file" : ""
      return "data.folder is relative to the spec file\(home); put PNG images there"
    }
    let beside = Self.absolute(String(typed), besides: path)
    guard beside != data.path, FileManager.default.fileExists(atPath: beside) else {
      return "data.folder is relative to where you stand in an override; put PNG images there"
    }
    return "an override is relative to where you stand; the folder besides the spec file is data.folder=\(beside)"
  }
}
