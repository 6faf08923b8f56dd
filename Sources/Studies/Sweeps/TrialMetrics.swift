import Basics
import Runs
import Spec

/// The one place that knows in which file of a run a metric is.
package enum TrialMetrics {
  private static let largest = 256 << 20

  /// The last number in `column` of `run` up to and with `iteration`, among the rows of `resolution` if that is given. Nil when
  /// there is none.
  package static func value(
    _ column: String, in run: RunDirectory, through iteration: Int, resolution: Int? = nil, _ files: any FileSystem
  ) throws -> Double? {
    for path in [run.metrics, run.evaluations] where try files.status(of: path)?.kind == .file {
      let bytes = try files.contents(of: path, limit: largest)
      var limits = CSVTable.Limits()
      limits.fileBytes = largest
      guard let table = try? CSVTable(bytes, limits: limits), let cells = table[column: column],
        let iterations = table[column: "iteration"], let resolutions = table[column: "resolution"]
      else { continue }
      for row in table.rows.indices.reversed() where !cells[row].isEmpty {
        guard let at = Int(iterations[row]), at <= iteration, resolution == nil || Int(resolutions[row]) == resolution else {
          continue
        }
        return Double(cells[row])
      }
    }
    return nil
  }
}
