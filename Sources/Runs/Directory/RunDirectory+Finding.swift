import Basics

extension RunDirectory {
  /// No run goes by the name that the user gave.
  package struct Unknown: UserFacingError, Equatable {
    package let text: String
    package let runs: String
    /// The name that may have been meant.
    package var suggestion: String?
    package var exitCode: ExitCode { .inputNotFound }
    package var description: String {
      "there is no run '\(text.printable)', neither a directory nor under '\(runs.printable)'"
    }
    package var diagnostics: Diagnostics { Diagnostics(description, suggestion: suggestion, exitCode: exitCode) }
  }

  /// The run that a user means by `text`: a directory, `<name>/<version>` under `runs`, or `<name>` for its newest version.
  package static func find(_ text: String, in runs: String, _ files: any FileSystem) throws -> RunDirectory {
    for path in [text, Path.join(runs, text)] where try files.status(of: RunDirectory(path).manifest) != nil {
      return RunDirectory(path)
    }
    for folder in [Path.join(runs, text), text] where try files.status(of: folder)?.kind == .directory {
      if let newest = try files.list(folder).compactMap({ RunVersion(folder: $0) }).max() {
        return RunDirectory(Path.join(folder, newest.description))
      }
    }
    throw Unknown(text: text, runs: runs, suggestion: RunSuggestion.closest(to: text, in: runs, files))
  }
}
