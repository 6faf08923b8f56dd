import Basics
import Comparison
import Runs
import Spec

/// The one place that knows in which file of a run a metric is.
package enum TrialMetrics {

  /// The last number in `column` of `run` up to and with `iteration`, among the rows of `resolution` if that is given. Nil when
  /// there is none. Tables of any length are read, a piece at a time. Throws `MetricTable.Damaged` when one cannot be.
  package static func value(
    _ column: String, in run: RunDirectory, through iteration: Int, resolution: Int? = nil, _ files: any FileSystem
  ) throws -> Double? {
    for path in [run.metrics, run.evaluations] {
      guard let table = try MetricTable(path, files), table.columns.contains(column) else { continue }
      let value = try table.last(column, where: ["iteration", "resolution"], files) { place in
        guard let at = place[0], at <= Double(iteration) else { return false }
        return resolution == nil || place[1] == resolution.map(Double.init)
      }
      if let value { return value }
    }
    return nil
  }
}
