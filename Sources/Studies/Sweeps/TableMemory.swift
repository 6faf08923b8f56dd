import Basics
import Runs
import Synchronization

/// The trials as this process saw them last: what it writes again when somebody removes or spoils `trials.csv` while the sweep runs.
final class TableMemory: Sendable {
  private struct Content {
    var table: TrialTable?
    var notices: [String] = []
  }

  private let content = Mutex(Content())

  /// The trials that were seen last; nil before the first look.
  var table: TrialTable? { content.withLock { $0.table } }

  /// Notes how the trials stand.
  func keep(_ table: TrialTable) { content.withLock { $0.table = table } }

  /// Notes a sentence for whoever watches.
  func note(_ notice: String) { content.withLock { $0.notices.append(notice) } }

  /// What was noted since this was asked last.
  func takeNotices() -> [String] {
    content.withLock { content in
      defer { content.notices = [] }
      return content.notices
    }
  }
}

extension Study {
  /// The trials as the file has them, for who holds the table's lock. A file that was removed, or has fewer trials than before, is
  /// written again: what has ended meanwhile is found in the trials' own folders when it is their turn.
  func tableHoldingLock() throws -> TrialTable {
    do {
      let table = try readTable()
      memory.keep(table)
      return table
    } catch  where memory.table != nil {
      let table = memory.table!
      let beyond = Path.join(directory.trials, Trial.name(table.trials.count + 1))
      guard try files.status(of: beyond) == nil else { throw LostTable(path: directory.table, trials: table.trials.count) }
      let aside = try ReplacedFile.setAside(directory.table, unlessBeginning: Array(table.text.utf8), files)
      try table.write(to: directory.table, files)
      let rest = aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? ""
      memory.note(
        "\(Path.name(of: directory.table)) was removed or changed by somebody else (\(error)): it is written again\(rest)")
      return table
    }
  }

  /// What was put right in the sweep's files since this was asked last, a sentence each.
  package func takeNotices() -> [String] { memory.takeNotices() }

  /// `trials.csv` is gone, and nobody who knows all of its trials is left.
  package struct LostTable: UserFacingError, Equatable {
    package let path: String
    package let trials: Int
    package var exitCode: ExitCode { .ioError }
    package var description: String { "'\(path.printable)' was removed or changed by somebody else while the sweep runs" }
    package var diagnostics: Diagnostics {
      Diagnostics(description, note: "put back the file of more than \(trials) trials, and run the sweep again", exitCode: exitCode)
    }
  }
}
