import Basics
import Comparison
import Runs
import Spec

/// A run with the last numbers that it measured.
struct Measured {
  let run: ComparedRun
  /// By column; what was never measured is not there.
  let last: [String: Double]
  /// The resolution at its last row.
  let resolution: Int?

  /// Reads the last values of `metrics` of `runs` with `threads` threads. Runs whose tables are damaged are left out, and why.
  static func read(
    _ runs: [ComparedRun], metrics: [String], threads: Int, _ files: any FileSystem
  ) -> (runs: [Measured], skipped: [RunCatalog.Skipped]) {
    // A floor may itself be the objective.
    let columns = (metrics + metrics.map { Column.floor + $0 } + [Column.resolution.name]).distinct
    let outcomes = MetricReading(columns).values(of: runs, threads: threads, files)
    var (measured, skipped) = ([Measured](), [RunCatalog.Skipped]())
    for (run, outcome) in zip(runs, outcomes) {
      switch outcome {
      case .success(let values):
        let found = zip(columns, values).compactMap { column, value in value.map { (column, $0) } }
        let last = Dictionary(uniqueKeysWithValues: found)
        measured.append(Measured(run: run, last: last, resolution: last[Column.resolution.name].flatMap { Int(exactly: $0) }))
      case .failure(let error): skipped.append(RunCatalog.Skipped(run.directory, error))
      }
    }
    return (measured, skipped)
  }
}
