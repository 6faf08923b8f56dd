import Basics

/// Where runs are, by the names of folders alone: nothing in them is read.
package struct RunFolders: Sendable {
  /// Sorted by name, then version, then trial.
  package private(set) var runs: [RunDirectory] = []
  package private(set) var skipped: [RunCatalog.Skipped] = []

  /// All runs under `folder`: `runs/<name>/v001` and, in a sweep's directory, its `trials/t0001`. Throws only when `folder`
  /// itself cannot be listed.
  package init(under folder: String, _ files: any FileSystem) throws(FileError) {
    for name in try files.list(folder) where !name.hasPrefix(".") {
      let path = Path.join(folder, name)
      guard (try? files.status(of: path))?.kind == .directory else { continue }
      guard RunName(name) != nil else {
        skipped.append(RunCatalog.Skipped(path: path, reason: "'\(name)' is not the name of a run"))
        continue
      }
      scan(path, files) { RunVersion(folder: $0)?.number }
    }
  }

  /// The trials of the sweep in the folder `path`, or the run there if it is no sweep's.
  package init(at path: String, _ files: any FileSystem) { add(path, files) }

  /// Whether the folder `path` is a sweep's.
  package static func isSweep(_ path: String, _ files: any FileSystem) -> Bool {
    (try? files.status(of: Path.join(path, "sweep.yaml"))) != nil
  }

  /// The runs in the subfolders of `folder` whose names have a `number`, in the order of these.
  private mutating func scan(_ folder: String, _ files: any FileSystem, number: (String) -> Int?) {
    let names: [String]
    do throws(FileError) {
      names = try files.list(folder)
    } catch {
      skipped.append(RunCatalog.Skipped(path: folder, reason: error.reason))
      return
    }
    for name in names where number(name) == nil && !name.hasPrefix(".") {
      skipped.append(RunCatalog.Skipped(path: Path.join(folder, name), reason: "it is not a version of a run"))
    }
    for name in names.filter({ number($0) != nil }).sorted(by: { number($0)! < number($1)! }) {
      add(Path.join(folder, name), files)
    }
  }

  private mutating func add(_ path: String, _ files: any FileSystem) {
    guard Self.isSweep(path, files) else { return runs.append(RunDirectory(path)) }
    let trials = Path.join(path, "trials")
    if (try? files.status(of: trials))?.kind == .directory {
      scan(trials, files) { $0.hasPrefix("t") ? Int($0.dropFirst()) : nil }
    }
  }
}
