import Basics
import Runs
import Synchronization

/// The trials and rungs as this process saw them last: what it writes again when somebody removes or spoils `trials.csv` or `rungs.csv`
/// while the sweep runs.
final class TableMemory: Sendable {
  private struct Content {
    var table: TrialTable?
    var rungs: (table: RungTable, status: FileStatus?)?
    var notices: [String] = []
  }

  private let content = Mutex(Content())

  /// The trials that were seen last; nil before the first look.
  var table: TrialTable? { content.withLock { $0.table } }

  /// Notes the current trials.
  func keep(_ table: TrialTable) { content.withLock { $0.table = table } }

  /// The rungs that were seen last, and what the system said of the file then; nil before the first look.
  var rungs: (table: RungTable, status: FileStatus?)? { content.withLock { $0.rungs } }

  /// Notes the current rungs.
  func keep(_ rungs: RungTable, _ status: FileStatus?) { content.withLock { $0.rungs = (rungs, status) } }

  /// Notes a sentence for the user.
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
  /// The trials as they are now, for the holder of the table's lock. A removed or damaged file is written again: what has ended
  /// meanwhile is found in the trials' own folders when it is their turn.
  func tableHoldingLock() throws -> TrialTable {
    switch try stored() {
    case .success(let table): return try taken(table)
    case .failure(let damage):
      guard let table = memory.table else { throw damage }
      let beyond = Path.join(directory.trials, Trial.name(table.trials.count + 1))
      guard try files.status(of: beyond) == nil else { throw LostTable(path: directory.table, trials: table.trials.count) }
      let aside = try ReplacedFile.setAside(directory.table, unlessBeginning: Array(table.text.utf8), files)
      try table.write(to: directory.table, files)
      let rest = aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? ""
      memory.note(
        "\(Path.name(of: directory.table)) was removed or changed by somebody else (\(damage.reason)): it is written again\(rest)")
      return table
    }
  }

  /// The table in the file, or what is wrong with a file that this process has seen whole. Throws what is no fault of the file, or when it
  /// was never seen.
  func stored() throws -> Result<TrialTable, UnusableFile> {
    guard let seen = memory.table else { return .success(try TrialTable(directory.table, paths: sweep.paths, files)) }
    func damaged(_ reason: String) -> Result<TrialTable, UnusableFile> {
      .failure(UnusableFile(directory.table, reason))
    }
    guard try files.status(of: directory.table)?.kind == .file else { return damaged("it is no file any more") }
    do {
      let table = try TrialTable(directory.table, paths: sweep.paths, files)
      let (count, before) = (table.trials.count, seen.trials.count)
      return count < before ? damaged("it has \(count) of \(before) trials") : .success(table)
    } catch let damage as UnusableFile {
      return .failure(damage)
    } catch let error as FileError where error.isNotFound {
      return damaged("it is no file any more")  // Since it was looked at.
    }
  }

  /// `table` with values as the sweep spells them. Throws if there is a trial that this sweep does not have: it was extended.
  func taken(_ table: TrialTable) throws -> TrialTable {
    var table = table
    for index in table.trials.indices {
      guard let point = sweep.point(of: table.trials[index].values) else {
        throw UnusableFile(directory.table, "trial \(index + 1) is outside of what the sweep tries")
      }
      table.trials[index].values = sweep.values(of: point)
    }
    memory.keep(table)
    return table
  }

  /// What was put right in the sweep's files since this was asked last, a sentence each.
  package func takeNotices() -> [String] { memory.takeNotices() }

  /// `trials.csv` is gone, and no process that knows all of its trials is left.
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
