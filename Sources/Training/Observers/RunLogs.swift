import Basics
import Runs

/// The CSV files of a run that grow with it.
package final class RunLogs {
  package let metrics: MetricsCSV
  package let timing: TimingCSV
  package let phases: PhasesCSV
  package let events: EventsCSV

  /// Rows of metrics and timing that are collected before they are written.
  private static let rowsPerFlush = 20

  /// Begins the files of `run`.
  package init(beginning run: RunDirectory, terms: [String], in files: any FileSystem) throws {
    metrics = try MetricsCSV(run.metrics, terms: terms, keep: .bytes(0), rowsPerFlush: Self.rowsPerFlush, in: files)
    timing = try TimingCSV(run.timing, keep: .bytes(0), rowsPerFlush: Self.rowsPerFlush, in: files)
    phases = try PhasesCSV(run.phases, keep: .bytes(0), in: files)
    events = try EventsCSV(run.events, keep: .bytes(0), in: files)
  }

  /// The files that a resumed run cuts back to their length at its checkpoint; events stay whole.
  private var replayed: [(name: String, log: CSVLog)] {
    [("metrics", metrics.log), ("timing", timing.log), ("phases", phases.log)]
  }

  /// Makes every row durable, and returns the files' lengths in bytes.
  package func synchronize() throws -> [String: Int] {
    try events.log.synchronize()
    var lengths: [String: Int] = [:]
    for (name, log) in replayed {
      try log.synchronize()
      lengths[name] = log.length
    }
    return lengths
  }

  /// Adds a row to `events.csv`, now.
  package func record(_ event: RunEvent, iteration: Int, _ detail: String = "") throws {
    try events.append(EventRow(event, iteration: iteration, detail: detail, time: .now))
  }
}
