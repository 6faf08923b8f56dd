import Basics
import Runs

/// The runs that a user means by some references, found by names alone.
///
///     let selection = try RunSelection(["penalty", "faces/v00?"], in: "runs", LocalFileSystem())
///     selection.runs.map(selection.name(of:))     // ["penalty/v001/trials/t0001", ..., "faces/v001", "faces/v002"]
package struct RunSelection: Sendable {
  /// Each once, in the order of the references.
  package private(set) var runs: [RunDirectory] = []
  /// What was meant, too, but is not a run.
  package private(set) var skipped: [RunCatalog.Skipped] = []
  /// The folder of runs.
  package let folder: String

  private var seen: Set<String> = []
  private var told: Set<RunCatalog.Skipped> = []

  /// The runs that `references` name: a directory, `<name>/<version>` under `folder`, `<name>` for its newest version, a pattern
  /// of these as in `penalty/*`; a sweep stands for its trials. Without references, all under `folder`.
  ///
  /// Throws when nothing goes by a reference.
  package init(_ references: [String], in folder: String, _ files: any FileSystem) throws {
    self.folder = folder
    if references.isEmpty {
      let all = try RunFolders(under: folder, files)
      runs = all.runs
      tell(all.skipped)
    }
    for reference in references { try add(reference, files) }
  }

  /// The name of `run` as commands take it: below the folder of runs if it lies there, else its path.
  package func name(of run: RunDirectory) -> String { Self.name(of: run, in: folder) }

  /// The name of `run` as commands that look for runs in `folder` take it.
  package static func name(of run: RunDirectory, in folder: String) -> String {
    let own = run.path.utf8
    // Names that were put together here need no second look.
    if !folder.isEmpty, own.starts(with: folder.utf8), own.dropFirst(folder.utf8.count).first == UInt8(ascii: "/"), isNormal(own) {
      return String(decoding: own.dropFirst(folder.utf8.count + 1), as: UTF8.self)
    }
    let (path, prefix) = (normal(run.path), normal(folder) + "/")
    return path.hasPrefix(prefix) && path.count > prefix.count ? String(path.dropFirst(prefix.count)) : path
  }

  private mutating func add(_ reference: String, _ files: any FileSystem) throws {
    if Glob.isPattern(reference) {
      var found = Glob.folders(matching: reference, in: "", files)
      if found.folders.isEmpty { found = Glob.folders(matching: reference, in: folder, files) }
      guard !found.folders.isEmpty || !found.links.isEmpty else { throw unknown(reference, files) }
      tell(found.links.map(RunCatalog.Skipped.init(linkAt:)))
      for path in found.folders { add(folder: path, files) }
      return
    }
    let places = [reference, Path.join(folder, reference)]
    if let path = try places.first(where: { try Self.isRunOrSweep($0, files) }) { return add(folder: path, files) }
    for path in places.reversed() where try files.status(of: path)?.kind == .directory {
      return add(folder: path, files)
    }
    // A shell's own patterns match files, too.
    if let path = try places.first(where: { try files.status(of: $0) != nil }) {
      return tell([RunCatalog.Skipped(path: path, reason: "it is not a folder")])
    }
    throw unknown(reference, files)
  }

  private func unknown(_ reference: String, _ files: any FileSystem) -> Diagnostics {
    let message = "there is no run '\(reference)', neither a directory nor under '\(folder)'"
    return Diagnostics(message, suggestion: RunSuggestion.closest(to: reference, in: folder, files), exitCode: .inputNotFound)
  }

  /// Adds the run in `path`, the trials of a sweep there, or the newest version that is a folder in `path`.
  private mutating func add(folder path: String, _ files: any FileSystem) {
    if (try? Self.isRunOrSweep(path, files)) == true { return add(RunFolders(at: path, files)) }
    let entries = ((try? files.entries(of: path)) ?? []).filter { RunVersion(folder: $0.name) != nil }
    guard let newest = entries.max(by: { RunVersion(folder: $0.name)! < RunVersion(folder: $1.name)! }) else {
      return tell([RunCatalog.Skipped(path: path, reason: "it has no run.json")])
    }
    let run = Path.join(path, newest.name)
    if newest.kind == .link { return tell([RunCatalog.Skipped(linkAt: run)]) }
    add(RunFolders(at: run, files))
  }

  private mutating func add(_ folders: RunFolders) {
    for run in folders.runs where seen.insert(Self.normal(run.path)).inserted { runs.append(run) }
    tell(folders.skipped)
  }

  /// Adds what was meant but is not a run, each once.
  private mutating func tell(_ skipped: [RunCatalog.Skipped]) {
    for one in skipped where told.insert(one).inserted { self.skipped.append(one) }
  }

  private static func isRunOrSweep(_ path: String, _ files: any FileSystem) throws(FileError) -> Bool {
    try files.status(of: RunDirectory(path).manifest) != nil || RunFolders.isSweep(path, files)
  }

  /// Whether `path` has no step that means nothing.
  private static func isNormal(_ path: String.UTF8View) -> Bool {
    var last = UInt8(ascii: "/")
    for byte in path {
      if last == UInt8(ascii: "/") && (byte == last || byte == UInt8(ascii: ".")) { return false }
      last = byte
    }
    return last != UInt8(ascii: "/")
  }

  /// `path` without steps that mean nothing, so that equal ones can be recognized.
  private static func normal(_ path: String) -> String {
    (path.hasPrefix("/") ? "/" : "") + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}
