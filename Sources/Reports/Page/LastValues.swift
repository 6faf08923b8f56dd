import Basics
import Comparison

/// The last number that each run measured of each of some columns.
struct LastValues {
  private let values: [String: [String: Double]]

  /// Reads the ends of the files of `runs`.
  init(_ runs: [ComparedRun], _ metrics: [String], _ files: any FileSystem) throws {
    var values: [String: [String: Double]] = [:]
    for run in runs {
      for table in run.tables {
        let wanted = metrics.filter(table.metrics.contains)
        guard !wanted.isEmpty else { continue }
        for (metric, value) in zip(wanted, try table.values(of: wanted, .last, files)) {
          if let value { values[run.directory.path, default: [:]][metric] = value }
        }
      }
    }
    self.values = values
  }

  /// Nil when the run has not measured it.
  subscript(run: ComparedRun, metric: String) -> Double? { values[run.directory.path]?[metric] }
}
