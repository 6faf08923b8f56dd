import Basics

/// What happens to a run, as `events.csv` spells it.
package enum RunEvent: String, CaseIterable, Sendable {
  case start, resume, accept, phase, checkpoint, watch, interrupt, stop, finish, fail
  case rateDrop = "rate_drop"
}

/// `events.csv`: what happened, and when. Nothing is ever cut from it, so a resumed run shows its whole history.
package typealias EventsCSV = RowLog<EventRow>

/// One row of `events.csv`.
package struct EventRow: CSVRow, Equatable {
  package let time: Timestamp
  /// The last finished iteration; 0 before the first.
  package let iteration: Int
  package let event: RunEvent
  /// In words, on one line.
  package let detail: String

  /// What happened after `iteration`. Line breaks in `detail` become spaces, so that a row is a line, and what is longer than a row that
  /// is looked for at a file's end is cut.
  package init(_ event: RunEvent, iteration: Int, detail: String = "", time: Timestamp) {
    (self.event, self.iteration, self.time) = (event, iteration, time)
    let line = detail.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.detail =
      line.utf8.count <= Self.longestDetail ? line : String(decoding: line.utf8.prefix(Self.longestDetail), as: UTF8.self) + "..."
  }

  /// Bytes of the longest detail.
  package static let longestDetail = 8 << 10

  package static let columns = ["time", "iteration", "event", "detail"]

  package var cells: [CSVCell] {
    [.text(time.description), .integer(iteration), .text(event.rawValue), .text(detail)]
  }
}
