import Basics
import Runs

/// The CSV files of a run that grow with it.
package final class RunLogs {
  package let metrics: ColumnLog
  package let timing: ColumnLog
  package let phases: ColumnLog
  package let events: EventsCSV
  /// Nil when nothing is evaluated.
  package let evaluations: ColumnLog?
  /// What the run was asked for and was made with, which stays as long as it grows; nil where nobody minds.
  private let kept: KeptFiles?

  /// The files that every run has, and every checkpoint has a length of.
  static let alwaysThere = ["metrics", "timing", "phases"]

  /// Rows of metrics and timing that are collected before they are written.
  private static let rowsPerFlush = 20

  /// Opens the files of `run`, cut back to the `lengths` that ``synchronize()`` returned; one without a length begins anew.
  /// There is no `evaluations.csv` without columns. Whenever rows are written, the files of `kept`
  /// that were removed meanwhile are written again.
  package init(
    _ run: RunDirectory, metrics columns: [Column], evaluations evaluated: [Column] = [], lengths: [String: Int] = [:],
    keeping kept: [String] = [], in files: any FileSystem
  ) throws {
    self.kept = kept.isEmpty ? nil : try KeptFiles(kept, replaced: true, files)
    func keep(_ name: String) -> CSVLog.Keep { .bytes(lengths[name] ?? 0) }
    metrics = try ColumnLog(run.metrics, columns, keep: keep("metrics"), rowsPerFlush: Self.rowsPerFlush, in: files)
    timing = try ColumnLog(run.timing, Column.timing, keep: keep("timing"), rowsPerFlush: Self.rowsPerFlush, in: files)
    phases = try ColumnLog(run.phases, Column.phases, keep: keep("phases"), in: files)
    evaluations =
      evaluated.isEmpty ? nil : try ColumnLog(run.evaluations, evaluated, keep: keep("evaluations"), in: files)
    events = try EventsCSV(run.events, keep: .wholeLines, in: files)
  }

  /// Throws when a file of `run` cannot be continued from `lengths`, and changes nothing.
  package static func check(
    _ run: RunDirectory, metrics: [Column], evaluations: [Column] = [], lengths: [String: Int], in files: any FileSystem
  ) throws {
    var logs = [("metrics", run.metrics, metrics), ("timing", run.timing, Column.timing), ("phases", run.phases, Column.phases)]
    if !evaluations.isEmpty { logs.append(("evaluations", run.evaluations, evaluations)) }
    for (name, path, columns) in logs {
      try CSVLog.check(path, columns: columns.map(\.name), keep: .bytes(lengths[name] ?? 0), in: files)
    }
    try CSVLog.check(run.events, columns: EventRow.columns.map(\.name), keep: .wholeLines, in: files)
  }

  /// The files that a resumed run cuts back to their length at its checkpoint; events stay whole.
  private var replayed: [(name: String, log: CSVLog)] {
    [("metrics", metrics.log), ("timing", timing.log), ("phases", phases.log)]
      + (evaluations.map { [("evaluations", $0.log)] } ?? [])
  }

  /// What was put right in the files since this was asked last, a sentence each.
  package func takeNotices() -> [String] {
    ([events.log] + replayed.map(\.log)).flatMap { $0.takeNotices() } + (kept?.takeNotices() ?? [])
  }

  /// Makes every row durable, and returns the files' lengths in bytes.
  package func synchronize() throws -> [String: Int] {
    try kept?.restore(thoroughly: true)
    try events.log.synchronize()
    var lengths: [String: Int] = [:]
    for (name, log) in replayed {
      try log.synchronize()
      lengths[name] = log.length
    }
    return lengths
  }

  /// Writes every row, and returns the files' lengths in bytes and the files, which are still to be made durable.
  package func flush() throws -> (lengths: [String: Int], files: [OpenFile]) {
    try kept?.restore()
    for log in [events.log] + replayed.map(\.log) { try log.flush() }
    let lengths = Dictionary(uniqueKeysWithValues: replayed.map { ($0.name, $0.log.length) })
    return (lengths, ([events.log] + replayed.map(\.log)).map(\.handle))
  }

  /// Cuts the files back to `lengths`, which a checkpoint has kept; events stay whole.
  package func cut(to lengths: [String: Int]) throws {
    for (name, log) in replayed { try log.cut(to: lengths[name] ?? log.length) }
  }

  /// Adds a row to `events.csv`, now.
  package func record(_ event: RunEvent, iteration: Int, _ detail: String = "") throws {
    try events.append(EventRow(event, iteration: iteration, detail: detail, time: .now))
  }
}
