import Runs
import Spec
import Studies

/// What `sweep status --json` prints.
struct SweepStatusJSON: Encodable {
  struct Entry: Encodable {
    let trial: String
    /// As in `trials.csv`, or `running`.
    let status: String
    /// Iterations that were trained so far; nil before the first.
    let iteration: Int?
    let seed: UInt64
    let settings: [String: JSONValue]
    let objective: JSONValue?
    let detail: String?
    /// The trial's folder.
    let run: String
  }

  let sweep: String
  /// Trials in all, those that a search has not chosen yet among them, and trials that have ended.
  let trials, done, running: Int
  let objective: String?
  let entries: [Entry]

  init(_ status: SweepStatusText) throws {
    let (study, table) = (status.study, status.table)
    let open = table.trials.count { $0.status == .waiting }
    (sweep, running, objective) = (study.directory.path, status.running.count, study.sweep.objective?.metric)
    done = table.trials.count - open
    trials = table.trials.count - open + study.remaining(table)
    entries = table.trials.map { trial in
      let isRunning = status.running.contains(trial.number)
      let directory = study.directory.run(trial)
      let reached = trial.status == .waiting ? (try? RunSummary(directory, study.files))?.iteration : trial.iterations
      let settings = zip(study.sweep.paths, trial.values).map { ($0, JSONValue(setting: $1)) }
      return Entry(
        trial: trial.name, status: isRunning ? "running" : trial.status.rawValue, iteration: reached, seed: trial.seed,
        settings: Dictionary(settings) { first, _ in first }, objective: trial.objective.map { JSONValue($0) },
        detail: trial.detail.isEmpty ? nil : trial.detail, run: directory.path)
    }
  }
}
