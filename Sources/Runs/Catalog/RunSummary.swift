import Basics

/// What a list shows of one run.
package struct RunSummary: Equatable, Sendable {
  package let directory: RunDirectory
  package let manifest: Manifest
  package let status: RunStatus
  /// The last row of `metrics.csv`, or nil before the first.
  package let metrics: LastRow?
  /// The last row of `evaluations.csv`, or nil before the first.
  package let evaluation: LastRow?

  /// Reads the run in `directory`. Throws when it is not one, or too damaged to tell.
  package init(_ directory: RunDirectory, _ files: any FileSystem) throws {
    let files = try files.confined(to: directory.path)
    manifest = try Manifest(directory, files)
    status = try RunStatus(of: directory, files)
    metrics = try LastRow(of: directory.metrics, files)
    evaluation = try LastRow(of: directory.evaluations, files)
    self.directory = directory
  }

  /// The last iteration that a row was written for; the whole schedule when finished.
  package var iteration: Int {
    status == .finished ? manifest.iterations : metrics?["iteration"].flatMap { Int($0) } ?? 0
  }

  /// The part of the schedule that is done, from 0 to 1.
  package var progress: Double {
    manifest.iterations > 0 ? max(0, min(1, Double(iteration) / Double(manifest.iterations))) : 0
  }

  /// The phase of the last row, from 1.
  package var phase: Int? { metrics?["phase"].flatMap { Int($0) } }

  /// The resolution of the last row.
  package var resolution: Int? { metrics?["resolution"].flatMap { Int($0) } }
}
