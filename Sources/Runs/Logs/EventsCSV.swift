import Basics

/// What happens to a run, as `events.csv` spells it.
package enum RunEvent: String, CaseIterable, Sendable {
  case start, resume, accept, phase, checkpoint, watch, interrupt, stop, finish, fail
  case rateDrop = "rate_drop"
}

/// `events.csv`: what happened, and when. Nothing is ever cut from it, so a resumed run shows its whole history.
package struct EventsCSV {
  package let log: CSVLog

  /// Continues the file at `path` after what `keep` says, or begins it.
  package init(_ path: String, keep: CSVLog.Keep, in files: any FileSystem) throws {
    log = try CSVLog(continuing: path, columns: EventRow.columns.map(\.name), keep: keep, in: files)
  }

  /// Adds a row.
  package func append(_ row: EventRow) throws { try log.append(row.cells) }
}

/// One row of `events.csv`.
package struct EventRow: Equatable, Sendable {
  package let time: Timestamp
  /// The last finished iteration; 0 before the first.
  package let iteration: Int
  package let event: RunEvent
  /// In words, on one line.
  package let detail: String

  /// What happened after `iteration`. Line breaks in `detail` become spaces, so that a row is a line, and what is longer than a row that
  /// is looked for at a file's end is cut.
  package init(_ event: RunEvent, iteration: Int, detail: String = "", time: Timestamp) {
    self.event = event
    self.iteration = iteration
    self.time = time
    let line = detail.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.detail =
      line.utf8.count <= Self.longestDetail ? line : String(decoding: line.utf8.prefix(Self.longestDetail), as: UTF8.self) + "..."
  }

  /// Bytes of the longest detail.
  package static let longestDetail = 8 << 10

  package static let columns = [
    Column("time", .text, "When it happened, in UTC"), Column.iteration.meaning("The last finished iteration"),
    Column("event", .text, "start, resume, phase, checkpoint, watch, rate_drop, stop, finish and others"),
    Column("detail", .text, "What it was, in words"),
  ]

  package var cells: [CSVCell] {
    [.text(time.description), .integer(iteration), .text(event.rawValue), .text(detail)]
  }
}
