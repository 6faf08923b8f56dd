import Basics
import Foundation

/// Where runs are, by the names of folders alone: nothing in them is read.
package struct RunFolders: Sendable {
  /// Sorted by name, then version, then trial.
  package private(set) var runs: [RunDirectory] = []
  package private(set) var skipped: [RunCatalog.Skipped] = []

  /// All runs under `folder`: `runs/<name>/v001` and, in a sweep's directory, its `trials/t0001`. Throws only when `folder`
  /// itself cannot be listed.
  package init(under folder: String, _ files: any FileSystem) throws(FileError) {
    for entry in try files.entries(of: folder) where !entry.name.hasPrefix(".") {
      let (name, path) = (entry.name, Path.join(folder, entry.name))
      if entry.kind == .link { skipped.append(RunCatalog.Skipped(linkAt: path)) }
      guard entry.kind == .directory else { continue }
      guard RunName(name) != nil else {
        skipped.append(RunCatalog.Skipped(path: path, reason: "'\(name)' is not the name of a run"))
        continue
      }
      scan(path, files) { RunVersion(folder: $0)?.number }
    }
  }

  /// The runs of `name` in `folder`. A link there is followed, since the user named it. Throws when there is no such folder.
  package init(of name: RunName, in folder: String, _ files: any FileSystem) throws(FileError) {
    let path = Path.join(folder, name.description)
    guard try files.status(of: path)?.kind == .directory else { throw FileError(.list, path, errno: ENOENT) }
    scan(path, files) { RunVersion(folder: $0)?.number }
  }

  /// The trials of the sweep in the folder `path`, or the run there if it does not belong to a sweep.
  package init(at path: String, _ files: any FileSystem) { add(path, files) }

  /// Whether the folder `path` is a sweep's.
  package static func isSweep(_ path: String, _ files: any FileSystem) -> Bool {
    (try? files.status(of: Path.join(path, "sweep.yaml"))) != nil
  }

  /// The runs in the subfolders of `folder` whose names have a `number`, in the order of these.
  private mutating func scan(_ folder: String, _ files: any FileSystem, number: (String) -> Int?) {
    let entries: [FolderEntry]
    do throws(FileError) {
      entries = try files.entries(of: folder)
    } catch {
      skipped.append(RunCatalog.Skipped(path: folder, reason: error.reason))
      return
    }
    var numbered: [(number: Int, path: String)] = []
    for entry in entries {
      let path = Path.join(folder, entry.name)
      guard let number = number(entry.name) else {
        if !entry.name.hasPrefix(".") {
          skipped.append(RunCatalog.Skipped(path: path, reason: "it is not a version of a run"))
        }
        continue
      }
      if entry.kind == .link { skipped.append(RunCatalog.Skipped(linkAt: path)) } else { numbered.append((number, path)) }
    }
    for (_, path) in numbered.sorted(by: { ($0.number, $0.path) < ($1.number, $1.path) }) { add(path, files) }
  }

  private mutating func add(_ path: String, _ files: any FileSystem) {
    guard Self.isSweep(path, files) else { return runs.append(RunDirectory(path)) }
    do {
      let trials = Path.join(path, "trials")
      let files = try files.confined(to: path)
      guard let status = try files.status(of: trials) else { return }
      if status.kind == .link { return skipped.append(RunCatalog.Skipped(linkAt: trials)) }
      if status.kind == .directory { scan(trials, files) { $0.hasPrefix("t") ? Int($0.dropFirst()) : nil } }
    } catch {
      skipped.append(RunCatalog.Skipped(path: path, reason: "\(error)"))
    }
  }
}
