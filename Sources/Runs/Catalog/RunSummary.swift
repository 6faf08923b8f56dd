import Basics

/// What a list shows of one run.
package struct RunSummary: Equatable, Sendable {
  package let directory: RunDirectory
  package let manifest: Manifest
  package let status: RunStatus
  /// The last row of `metrics.csv`, or nil before the first.
  package let metrics: TableRow?
  /// The last row of `evaluations.csv`, or nil before the first.
  package let evaluation: TableRow?

  /// Milliseconds that an iteration took at last, of a run that is not finished; nil where nothing says so.
  package let milliseconds: Double?

  /// Reads the run in `directory`, one of many whose tables have few `headers`. Throws when it is not one, or too damaged to tell.
  package init(_ directory: RunDirectory, headers: KnownHeaders = KnownHeaders(), _ files: any FileSystem) throws {
    let files = try files.confined(to: directory.path)
    manifest = try Manifest(directory, files)
    status = try RunStatus(of: directory, isFinished: manifest.finished != nil, headers: headers, files)
    metrics = try TableRow(lastOf: directory.metrics, headers: headers, files)
    evaluation = try TableRow(lastOf: directory.evaluations, headers: headers, files)
    milliseconds =
      status == .finished
      ? nil : try? TableRow(lastOf: directory.timing, headers: headers, files)?[Column.milliseconds.name].flatMap { Double($0) }
    self.directory = directory
  }

  /// The last iteration that a row was written for; the whole schedule when finished.
  package var iteration: Int {
    status == .finished ? manifest.iterations : metrics?[Column.iteration.name].flatMap { Int($0) } ?? 0
  }

  /// How the work is spread, if the manifest says so of this schedule.
  private var work: WorkShares? {
    manifest.work.flatMap { $0.isSound(for: manifest.iterations) ? $0 : nil }
  }

  /// Seconds that the rest takes at the latest speed; nil where that is unknown, and when nothing is left.
  package var secondsLeft: Double? {
    guard let work, let milliseconds, milliseconds.isFinite, milliseconds >= 0 else { return nil }
    return work.secondsLeft(after: iteration, perIteration: 1e-3 * milliseconds)
  }

  /// The part of the work that is done, from 0 to 1; of the iterations where the work is not known.
  package var progress: Double {
    if let work { return work.progress(after: iteration) }
    return manifest.iterations > 0 ? max(0, min(1, Double(iteration) / Double(manifest.iterations))) : 0
  }

  /// The phase of the last row, from 1.
  package var phase: Int? { metrics?[Column.phase.name].flatMap { Int($0) } }

  /// The resolution of the last row.
  package var resolution: Int? { metrics?[Column.resolution.name].flatMap { Int($0) } }
}
