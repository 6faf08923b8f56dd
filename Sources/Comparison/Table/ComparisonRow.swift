import Basics
import Runs

/// A row of a comparison: a run, or repeats of one with different seeds.
package struct ComparisonRow: Sendable {
  /// At least one, by seed.
  package let runs: [ComparedRun]
  /// For each run a number for each metric that was read.
  let values: [[Double?]]

  /// The run that the row is called by.
  package var first: ComparedRun { runs[0] }

  /// The values of a metric that were measured, with the seeds that they belong to.
  func measured(_ metric: Int) -> [(seed: UInt64, value: Double)] {
    zip(runs, values).compactMap { run, values in values[metric].map { (run.manifest.seed, $0) } }
  }

  /// What stands for a metric: the mean of all repeats; nil where none measured it.
  func mean(_ metric: Int) -> Double? {
    let numbers = measured(metric).map(\.value)
    guard !numbers.isEmpty else { return nil }
    return numbers.count == 1 ? numbers[0] : Sample(numbers)?.mean ?? numbers.reduce(0, +) / Double(numbers.count)
  }

  /// The repeats of a metric as a sample; nil when one is no finite number, or none was measured.
  func sample(_ metric: Int) -> Sample? { Sample(measured(metric).map(\.value)) }

  /// `finished`, or `2 finished, 1 failed`.
  package var status: String {
    let statuses = RunStatus.allCases.map { status in (status, runs.count { $0.status == status }) }.filter { $0.1 > 0 }
    return statuses.count == 1 ? statuses[0].0.rawValue : statuses.map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
  }

  /// What all runs say to `value`; if that differs, a list of what each says. Nil when none says anything.
  func common(_ value: (ComparedRun) -> String?) -> String? {
    if runs.count == 1 { return value(first) }
    let all = runs.map(value)
    if all.allSatisfy({ $0 == all[0] }) { return all[0] }
    return "[" + all.map { $0 ?? "" }.joined(separator: ", ") + "]"
  }

  /// What a column with texts says as it is spelled; nil for one with numbers, and when there is nothing.
  func spelling(_ column: ColumnName) -> String? {
    switch column {
    case .run: first.name
    case .status: status
    case .label: common(\.manifest.label)
    case .started: runs.map(\.manifest.created).min()
    case .setting(let path): common { $0.settings[path] }
    case .seconds, .metric: nil
    }
  }

  /// The mean time of the runs; nil when none has rows.
  var seconds: Double? {
    let seconds = runs.compactMap(\.seconds)
    return seconds.isEmpty ? nil : seconds.reduce(0, +) / Double(seconds.count)
  }
}
