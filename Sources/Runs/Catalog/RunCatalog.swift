import Basics

/// The runs under a folder. Whatever else lies there is named and passed over.
package struct RunCatalog: Sendable {
  /// Something that is not listed, and why.
  package struct Skipped: Equatable, Sendable {
    package let path: String
    package let reason: String

    /// What is at `path` and is left out for `reason`.
    package init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }

    /// A link that was found and leads who knows where.
    package init(linkAt path: String) {
      self.init(path: path, reason: "it is a symbolic link, which is followed only when it is named")
    }

    /// A run that cannot be read because of `error`.
    package init(_ run: RunDirectory, _ error: any Error) {
      let isEmpty = (error as? FileError).map { $0.isNotFound && [run.manifest, run.path].contains($0.path) } ?? false
      self.init(path: run.path, reason: isEmpty ? "it has no run.json" : "\(error)")
    }
  }

  /// Sorted by name, then version, then trial.
  package private(set) var runs: [RunSummary] = []
  /// Sorted by path.
  package private(set) var skipped: [Skipped] = []

  /// Reads the runs of ``RunFolders``. Throws only when `folder` itself cannot be listed.
  package init(_ folder: String, _ files: any FileSystem) throws(FileError) {
    let folders = try RunFolders(under: folder, files)
    skipped = folders.skipped
    for run in folders.runs {
      do {
        runs.append(try RunSummary(run, files))
      } catch {
        skipped.append(Skipped(run, error))
      }
    }
    skipped.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
