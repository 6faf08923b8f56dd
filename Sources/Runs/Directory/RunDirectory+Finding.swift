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

  /// The run that a user means by `text`: a directory, `<name>/<version>` under `runs`, or `<name>` for the newest version that is
  /// a run. Sweeps of that name are passed over; a sweep that is asked for is refused with the names of its trials.
  package static func find(_ text: String, in runs: String, _ files: any FileSystem) throws -> RunDirectory {
    let places = [text, Path.join(runs, text)]
    // A path may lead through links; what a name stands for below the folder of runs may not.
    let typed = files
    let isBelow = try files.status(of: runs)?.kind == .directory && !Path.components(of: text).contains("..")
    let files = try isBelow ? files.confined(to: runs) : files
    for (path, files) in [(places[0], typed), (places[1], files)] where try isBegun(path, files) { return RunDirectory(path) }
    if let sweep = places.first(where: { RunFolders.isSweep($0, files) }) { throw refusal(of: sweep, files) }
    var sweep: String?
    for folder in places.reversed() where try files.status(of: folder)?.kind == .directory {
      let versions = try files.list(folder).compactMap { RunVersion(folder: $0) }.sorted(by: >)
      let paths = versions.map { Path.join(folder, $0.description) }
      if let newest = try paths.first(where: { try isBegun($0, files) }) { return RunDirectory(newest) }
      // Whoever opens it says what it lacks.
      if let unbegun = paths.first(where: { !RunFolders.isSweep($0, files) }) { return RunDirectory(unbegun) }
      sweep = sweep ?? paths.first
    }
    if let sweep { throw refusal(of: sweep, files) }
    throw Unknown(text: text, runs: runs, suggestion: RunSuggestion.closest(to: text, in: runs, files))
  }

  private static func isBegun(_ path: String, _ files: any FileSystem) throws(FileError) -> Bool {
    try files.status(of: RunDirectory(path).manifest) != nil
  }

  /// What to say when a sweep stands where a run is meant.
  private static func refusal(of sweep: String, _ files: any FileSystem) -> Diagnostics {
    let trials = RunFolders(at: sweep, files).runs.map(\.path)
    let names = trials.count < 2 ? trials.joined() : "\(trials[0]) to \(Path.name(of: trials[trials.count - 1]))"
    let which = trials.isEmpty ? "it has no trials yet" : "its trials are runs: \(names.printable)"
    return Diagnostics(
      "'\(sweep.printable)' is a sweep, not a run", note: "\(which); 'fadein sweep FILE' goes on with all of it",
      exitCode: .inputNotFound)
  }
}
