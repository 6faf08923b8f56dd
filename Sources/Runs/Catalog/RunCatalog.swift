import Basics

/// The runs under a folder. Whatever else lies there is named and passed over.
package struct RunCatalog: Sendable {
  /// Something that is not listed, and why.
  package struct Skipped: Hashable, Sendable {
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
      let damage = (error as? UnusableFile).flatMap { $0.path == run.manifest ? $0 : nil }.map {
        "its \(Path.name(of: $0.path)) cannot be used: \($0.reason)"
      }
      self.init(path: run.path, reason: isEmpty ? "it has no run.json" : damage ?? "\(error)")
    }
  }

  /// Runs that are read at a time.
  private static let batch = 512

  /// Sorted by name, then version, then trial.
  package private(set) var runs: [RunSummary] = []
  /// Sorted by path.
  package private(set) var skipped: [Skipped] = []

  /// Reads the runs of ``RunFolders``. Throws only when `folder` itself cannot be listed.
  package init(_ folder: String, _ files: any FileSystem) throws(FileError) {
    var runs: [RunSummary] = []
    skipped = Self.read(try RunFolders(under: folder, files), threads: 1, files) { runs.append($0) }
    self.runs = runs
  }

  /// Gives a summary of each run of `folders` to `body`, in their order, read by `threads` threads; none is kept. Returns what was left
  /// out, sorted by path.
  package static func read(
    _ folders: RunFolders, threads: Int, _ files: any FileSystem, _ body: (RunSummary) -> Void
  ) -> [Skipped] {
    var skipped = folders.skipped
    for start in stride(from: 0, to: folders.runs.count, by: batch) {
      let runs = folders.runs[start..<min(start + batch, folders.runs.count)]
      let outcomes = Parallel.map(runs.count, threads: threads, state: KnownHeaders.init) { number, headers in
        Result { try RunSummary(runs[start + number], headers: headers, files) }
      }
      for (run, outcome) in zip(runs, outcomes) {
        switch outcome {
        case .success(let summary): body(summary)
        case .failure(let error): skipped.append(Skipped(run, error))
        }
      }
    }
    return skipped.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
