import Basics

/// The runs under a folder. Whatever else lies there is named and passed over.
package struct RunCatalog: Sendable {
  /// Something that is not listed, and why.
  package struct Skipped: Equatable, Sendable {
    package let path: String
    package let reason: String
  }

  /// Sorted by name, then version, then trial.
  package private(set) var runs: [RunSummary] = []
  package private(set) var skipped: [Skipped] = []

  /// Looks through `runs/<name>/v001` and, in a sweep's directory, through its `trials/t0001`. Throws only when `folder`
  /// itself cannot be listed.
  package init(_ folder: String, _ files: any FileSystem) throws(FileError) {
    for name in try files.list(folder) where !name.hasPrefix(".") {
      let path = Path.join(folder, name)
      guard (try? files.status(of: path))?.kind == .directory else { continue }
      guard RunName(name) != nil else {
        skipped.append(Skipped(path: path, reason: "'\(name)' is not the name of a run"))
        continue
      }
      scan(path, files) { RunVersion(folder: $0)?.number }
    }
  }

  /// The runs in the subfolders of `folder` whose names have a `number`, in the order of these.
  private mutating func scan(_ folder: String, _ files: any FileSystem, number: (String) -> Int?) {
    let names: [String]
    do throws(FileError) {
      names = try files.list(folder)
    } catch {
      skipped.append(Skipped(path: folder, reason: error.reason))
      return
    }
    for name in names where number(name) == nil && !name.hasPrefix(".") {
      skipped.append(Skipped(path: Path.join(folder, name), reason: "it is not a version of a run"))
    }
    for name in names.filter({ number($0) != nil }).sorted(by: { number($0)! < number($1)! }) {
      add(RunDirectory(Path.join(folder, name)), files)
    }
  }

  private mutating func add(_ directory: RunDirectory, _ files: any FileSystem) {
    let trials = Path.join(directory.path, "trials")
    if (try? files.status(of: Path.join(directory.path, "sweep.yaml"))) != nil {
      if (try? files.status(of: trials))?.kind == .directory {
        scan(trials, files) { $0.hasPrefix("t") ? Int($0.dropFirst()) : nil }
      }
      return
    }
    do {
      runs.append(try RunSummary(directory, files))
    } catch let error as FileError where error.isNotFound {
      skipped.append(Skipped(path: directory.path, reason: "it has no run.json"))
    } catch {
      skipped.append(Skipped(path: directory.path, reason: "\(error)"))
    }
  }
}
