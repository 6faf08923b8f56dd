import Basics
import Runs
import Spec
import Studies

/// The status of a sweep, for people. All of it is read from its files.
struct SweepStatusText {
  /// Rows of a table for a terminal; a sweep may have 10,000.
  private static let shownRows = 60

  let study: Study
  let table: TrialTable
  /// The numbers of the trials that run now.
  let running: Set<Int>

  init(_ study: Study) throws {
    self.study = study
    table = try study.table()
    running = Set(try table.trials.filter { try $0.status == .waiting && study.isRunning($0) }.map(\.number))
  }

  /// The trials as rows, the counts, and the best trial.
  var text: String {
    rows(table.trials.suffix(Self.shownRows), width: Console.width) + "\n"
      + ([summary] + [best, exhausted].compactMap { $0 }).joined(separator: "\n")
      + "\n"
  }

  /// Why the sweep has ended before the trials that its search asks for.
  var exhausted: String? {
    guard let sets = study.source.exhaustibleSets, study.remaining(table) == 0 else { return nil }
    return "all \(sets) \(sets == 1 ? "set was" : "sets were") tried; there are no others"
  }

  /// As in `rates/v001: 5 of 24 trials done (4 finished, 1 failed), 2 running`.
  var summary: String {
    let counts = Trial.Status.allCases.map { status in (status, table.trials.count { $0.status == status }) }
    let settled = counts.filter { $0.0 != .waiting && $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }
    let done = table.trials.count { $0.status != .waiting }
    let total = table.trials.count + (study.remaining(table)) - table.trials.count { $0.status == .waiting }
    return "\(study.directory.path.printable): \(done) of \(total) trials done"
      + (settled.isEmpty ? "" : " (\(settled.joined(separator: ", ")))") + (running.isEmpty ? "" : ", \(running.count) running")
  }

  /// The finished trial with the best objective.
  var best: String? {
    guard let objective = study.sweep.objective else { return nil }
    let sign = objective.goal == .maximize ? -1.0 : 1
    let finished = table.trials.filter { $0.status == .finished && $0.objective?.isNaN == false }
    guard let best = finished.min(by: { sign * $0.objective! < sign * $1.objective! }) else { return nil }
    return "best: \(best.name) with \(objective.metric) \(best.objective!): \(study.source.label(of: best))".printable
  }

  /// A table of `trials`.
  func rows(_ trials: some Sequence<Trial>, width: Int? = nil) -> String {
    // What a narrow terminal does not need: the rest of a reason, repeats' seeds, how far each is.
    let ranks = ["SEED": 3, "ITERATION": 2, "STATUS": 1]
    let numeric = ["TRIAL", "ITERATION", "OBJECTIVE"]
    let hasSeed = !study.sweep.paths.contains("seed")
    // Trials are called by their settings; the number is for commands.
    let titles =
      study.sweep.paths + (hasSeed ? ["SEED"] : []) + ["STATUS", "ITERATION", "OBJECTIVE", "TRIAL", "DETAIL"]
    var table = Table(
      titles.map { Table.Column($0, numeric.contains($0) ? .right : .left, isOptional: $0 == "DETAIL", rank: ranks[$0] ?? 0) })
    for trial in trials {
      let isRunning = running.contains(trial.number)
      let status = isRunning ? "running" : trial.status.rawValue
      let summary = trial.status == .waiting ? try? RunSummary(study.directory.run(trial), study.files) : nil
      let iteration =
        trial.status == .waiting ? summary.map { "\($0.iteration)/\($0.manifest.iterations)" } ?? "" : "\(trial.iterations)"
      table.append(
        trial.values.map(\.shortened) + (hasSeed ? ["\(trial.seed)"] : [])
          + [status, iteration, trial.objective.map { "\($0)" } ?? "", trial.name, trial.detail.shortened])
    }
    return table.text(width: width)
  }
}
