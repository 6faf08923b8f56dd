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
  /// a run, never through a link. Sweeps of that name are passed over; a sweep that is asked for is refused with the names of its trials.
  package static func find(_ text: String, in runs: String, _ files: any FileSystem) throws -> RunDirectory {
    let places = try NamedFolder.places(of: text, in: runs, files)
    for place in places where try isBegun(place) { return RunDirectory(place.path) }
    if let sweep = places.first(where: { RunFolders.isSweep($0.path, $0.files) }) { throw refusal(of: sweep) }
    var sweep: NamedFolder?
    for place in places.reversed() where try place.isFolder {
      let versions = try place.versions()
      if let newest = try versions.first(where: isBegun) { return RunDirectory(newest.path) }
      // Whoever opens it says what it lacks.
      if let unbegun = versions.first(where: { !RunFolders.isSweep($0.path, $0.files) }) { return RunDirectory(unbegun.path) }
      sweep = sweep ?? versions.first
    }
    if let sweep { throw refusal(of: sweep) }
    throw Unknown(text: text, runs: runs, suggestion: RunSuggestion.closest(to: text, in: runs, files))
  }

  private static func isBegun(_ place: NamedFolder) throws -> Bool { try place.has(RunDirectory(place.path).manifest) }

  /// What to say when a sweep stands where a run is meant.
  private static func refusal(of sweep: NamedFolder) -> Diagnostics {
    let trials = RunFolders(at: sweep.path, sweep.files).runs.map(\.path)
    let names = trials.count < 2 ? trials.joined() : "\(trials[0]) to \(Path.name(of: trials[trials.count - 1]))"
    let which = trials.isEmpty ? "it has no trials yet" : "its trials are runs: \(names.printable)"
    return Diagnostics(
      "'\(sweep.path.printable)' is a sweep, not a run", note: "\(which); 'fadein sweep FILE' goes on with all of it",
      exitCode: .inputNotFound)
  }
}
