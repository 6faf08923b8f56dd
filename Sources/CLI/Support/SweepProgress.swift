import Basics
import Foundation
import Studies

/// How a sweep goes: a live table on a terminal, a line for each trial that ends elsewhere.
final class SweepProgress {
  private static let secondsBetweenTables = 1.0

  private let study: Study
  private let isQuiet: Bool
  private let isLive: Bool
  private var live = LiveTable()
  private var next = Deadline(in: 0)

  init(_ study: Study, quiet: Bool) {
    self.study = study
    isQuiet = quiet
    isLive = !quiet && isatty(STDOUT_FILENO) == 1
  }

  /// Takes what the executor reports.
  func tell(_ step: LocalExecutor.Step) throws {
    guard !isQuiet else { return }
    switch step {
    case .began: return
    case .limited(let workers):
      clear()
      print(
        "\(workers) \(workers == 1 ? "worker" : "workers") at a time: the system gives no more processes (ulimit -u, or pids.max of a control group)"
      )
    case .mended(let notice):
      clear()
      print(notice.printable)
    case .ended(let trial):
      clear()
      let value = trial.objective.map { " \(study.sweep.objective?.metric ?? ""): \($0)" } ?? ""
      let detail = trial.detail.isEmpty ? "" : " (\(trial.detail))"
      print("\(trial.name) \(trial.status.rawValue)\(detail), \(study.source.label(of: trial))\(value)".printable)
    case .looked:
      guard isLive, next.isOver else { return }
      next = Deadline(in: Self.secondsBetweenTables)
      let status = try SweepStatusText(study)
      let rows = status.rows(
        status.table.trials.filter { status.running.contains($0.number) }, width: LiveTable.Size.now.columns - 1)
      let table = rows.split(separator: "\n").map(String.init)
      let size = LiveTable.Size.now
      print(live.replace(with: LiveTable.fitted(table, summary: [status.summary], in: size), in: size), terminator: "")
    }
  }

  /// Takes the live table away.
  func end() { clear() }

  private func clear() {
    guard isLive else { return }
    print(live.erase(in: .now), terminator: "")
  }
}
