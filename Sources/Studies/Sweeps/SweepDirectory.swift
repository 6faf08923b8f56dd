import Basics
import Foundation
import Runs

/// The folder of one sweep, `runs/<name>/v001`, and the paths in it.
package struct SweepDirectory: Hashable, Sendable {
  package let path: String

  /// The sweep in the folder `path`.
  package init(_ path: String) { self.path = path }

  /// The sweep file as the user wrote it.
  package var sweep: String { file("sweep.yaml") }
  /// The experiment's file as it was when the sweep began.
  package var experiment: String { file("experiment.yaml") }
  package var manifest: String { file("sweep.json") }
  package var table: String { file("trials.csv") }
  /// What trials reported at the ends of phases.
  package var reports: String { file("rungs.csv") }
  package var trials: String { file("trials") }
  package var prefixes: String { file("prefixes") }
  /// Which trials have which prefixes in common.
  var prefixIndex: String { Path.join(prefixes, "index.csv") }
  /// What images the trials are trained on.
  package var images: String { file("images") }
  package var claims: String { file("claims") }
  package var slurm: String { file("slurm") }
  /// What processes said that could not say it elsewhere.
  package var log: String { file("workers.txt") }
  package var tableLock: String { file(".table") }
  /// Held by the process that runs the sweep on this machine.
  var lock: String { file(".lock") }

  /// What is written once, before the first trial.
  package var beginning: [String] { [sweep, experiment, manifest, prefixIndex] }

  /// `rates/v001`.
  package var id: String {
    path.split(separator: "/").suffix(2).joined(separator: "/")
  }

  /// The version that the folder's name stands for.
  package var version: RunVersion { RunVersion(folder: Path.name(of: path)) ?? RunVersion(1) }

  /// The run of `trial`.
  package func run(_ trial: Trial) -> RunDirectory { RunDirectory(Path.join(trials, trial.name)) }

  /// What some trials have in common, by the name of ``Prefix``.
  package func prefix(_ name: String) -> RunDirectory { RunDirectory(Path.join(prefixes, name)) }

  private func file(_ name: String) -> String { Path.join(path, name) }
}

/// A sweep, or a run of one, has lost the file that says what it is.
package struct MissingManifest: UserFacingError, Equatable {
  /// Where the file should be.
  package let path: String
  /// What is there that only one has that was begun.
  package let sign: String
  /// What to do about it.
  package let note: String
  package var exitCode: ExitCode { .badData }
  package var description: String {
    "'\(Path.parent(of: path).printable)' has no \(Path.name(of: path)), but it has '\(sign.printable)': it was begun, and is not touched"
  }
  package var diagnostics: Diagnostics { Diagnostics(description, note: note, exitCode: exitCode) }
}

extension SweepDirectory {
  /// No sweep goes by the name that the user gave.
  package struct Unknown: UserFacingError, Equatable {
    package let text: String
    package let runs: String
    /// The name that may have been meant.
    package var suggestion: String?
    package var exitCode: ExitCode { .inputNotFound }
    package var description: String {
      "there is no sweep '\(text.printable)', neither a directory nor under '\(runs.printable)'"
    }
    package var diagnostics: Diagnostics { Diagnostics(description, suggestion: suggestion, exitCode: exitCode) }
  }

  /// No process takes longer than this to begin a sweep of ten thousand trials, even on a busy machine.
  private static let patienceSeconds = 300.0

  /// Does `body` while no other process begins or extends a sweep named `name` under `runs`, so that the same file twice at the same
  /// time is one sweep. The file system that `body` gets writes nothing beside or in the versions once somebody has removed the lock.
  package static func exclusively<Value>(
    _ name: RunName, in runs: String, _ files: any FileSystem, _ body: (any FileSystem) throws -> Value
  ) throws -> Value {
    try files.createDirectories(runs)
    let folder = Path.join(runs, name.description)
    var files = try files.confined(to: runs)
    try files.createDirectories(folder)
    files = try files.confined(to: folder)
    let lock = try FileLock.waiting(for: Path.join(folder, ".sweeps"), seconds: patienceSeconds, files)
    defer { withExtendedLifetime(lock) {} }
    files.guardWrites(in: folder, by: lock.file)
    defer { files.guardWrites(in: folder, by: nil) }
    return try body(files)
  }

  /// The folders that are there of those in which the sweep's own files are put whole under their names.
  func written(_ files: any FileSystem) throws(FileError) -> [String] {
    var folders: [String] = []
    for folder in [path, images, prefixes] where try files.status(of: folder)?.kind == .directory { folders.append(folder) }
    return folders
  }

  /// Throws ``MissingManifest`` when this is the folder of a sweep that was begun and has lost its manifest. What a process left that
  /// was killed while it began a sweep is none, and neither is the folder of a run.
  func requireUnbegun(_ files: any FileSystem) throws {
    guard let sign = try [claims, sweep].first(where: { try files.status(of: $0) != nil }),
      try files.status(of: manifest) == nil, try !SweepBeginning.isUnderWay(self, files),
      // Another process may have begun it meanwhile.
      try files.status(of: manifest) == nil
    else { return }
    throw MissingManifest(
      path: manifest, sign: sign,
      note: "put the file back; 'fadein sweep FILE --new' begins the next version and leaves this one alone")
  }

  /// The newest sweep named `name` under `runs`; nil when there is none. Throws ``MissingManifest`` when a newer one has lost its
  /// manifest, and ``NamedFolder/Link`` when there is a link in its place.
  package static func newest(_ name: String, in runs: String, _ files: any FileSystem) throws -> SweepDirectory? {
    let place = try NamedFolder.places(of: name, in: runs, files)[1]
    guard !Path.components(of: name).contains(".."), try place.isFolder else { return nil }
    for version in try place.versions() {
      let sweep = SweepDirectory(version.path)
      if try version.has(sweep.manifest) { return sweep }
      try sweep.requireUnbegun(version.files)
    }
    return nil
  }

  /// The sweep that a user means by `text`: a directory, `<name>/<version>` under `runs`, or `<name>` for its newest version.
  package static func find(_ text: String, in runs: String, _ files: any FileSystem) throws -> SweepDirectory {
    let places = try NamedFolder.places(of: text, in: runs, files)
    for place in places where try place.has(SweepDirectory(place.path).manifest) { return SweepDirectory(place.path) }
    if let newest = try newest(text, in: runs, files) { return newest }
    for place in places where try place.has(RunDirectory(place.path).manifest) {
      throw Diagnostics(
        "'\(place.path.printable)' is a run, not a sweep", note: "fadein list shows how it stands", exitCode: .inputNotFound)
    }
    for place in places where try place.isFolder { try SweepDirectory(place.path).requireUnbegun(place.files) }
    throw Unknown(text: text, runs: runs, suggestion: RunSuggestion.closest(to: text, in: runs, files))
  }
}
