import Basics
import Foundation

/// Which of a run's checkpoints stay when a new one has become durable.
package struct CheckpointRetention: Equatable, Sendable {
  /// A column of `metrics.csv`, and which of its values is the best.
  package struct Best: Equatable, Sendable {
    package let column: String
    package let isLowest: Bool

    package init(column: String, isLowest: Bool) { (self.column, self.isLowest) = (column, isLowest) }
  }

  /// How many of the newest stay, and of the newest that a watch rule asked for.
  package var newest: Int
  /// These iterations, as the ends of phases.
  package var always: Set<Int> = []
  /// The best one, when one is asked for.
  package var best: Best?
  /// The regular ones are those of the multiples of this.
  package var every = 1
  /// Before each of these iterations the newest regular one stays: a watch rule may have to return to it.
  package var onsets: [Int] = []

  /// Whether the run needs none of its interruptions any more.
  package var isFinished = false

  /// Keeps the `newest` ones only.
  package init(newest: Int) { self.newest = newest }

  /// The ones of `iterations`, which are sorted, that may go. `notes` gives what a checkpoint records about itself; nil when it cannot
  /// be read.
  ///
  /// Those of interruptions decide nothing about the others, so that an interrupted run keeps what an undisturbed one does. They
  /// stay while they are the newest, and while there are fewer others than `newest`.
  package func surplus(of iterations: [Int], notes: (Int) throws -> CheckpointNotes?) rethrows -> [Int] {
    let known = Dictionary(uniqueKeysWithValues: try iterations.map { ($0, try notes($0)) })
    func cause(_ iteration: Int) -> CheckpointNotes.Cause? { known[iteration]??.cause }
    let planned = iterations.filter { cause($0) != .stop }
    var staying = always.union(planned.suffix(newest) + iterations.suffix(1))
    staying.formUnion(onsets.compactMap { Self.regular(before: $0, every: every, among: planned) })
    if let best {
      let values = planned.compactMap { iteration in
        known[iteration]??.value(best.column).map { (iteration: iteration, value: best.isLowest ? $0 : -$0) }
      }
      if let first = values.min(by: { $0.value < $1.value }) { staying.insert(first.iteration) }
    }
    staying.formUnion(planned.filter { cause($0) == .rule }.suffix(newest))
    if !isFinished {
      let stops = iterations.filter { cause($0) == .stop }
      staying.formUnion(stops.suffix(max(0, newest - planned.count)))
    }
    return iterations.filter { !staying.contains($0) }
  }

  /// The newest of `iterations` that is a multiple of `every` and before `onset`.
  package static func regular(before onset: Int, every: Int, among iterations: [Int]) -> Int? {
    iterations.last { $0 < onset && $0 % every == 0 }
  }
}

/// What a checkpoint says of itself, beside what continuing takes.
package struct CheckpointNotes: Equatable, Sendable {
  /// The cells of `metrics.csv` for its iteration, by column.
  package var metrics: [String: String]
  /// Why it was written, when it was not for its place in the schedule.
  package enum Cause: String, Sendable {
    /// A watch rule asked for it.
    case rule = "watch"
    /// The training ended early.
    case stop
  }

  package var cause: Cause?

  private static let metricsKey = "metrics"
  private static let causeKey = "cause"

  package init(metrics: [String: String] = [:], cause: Cause? = nil) { (self.metrics, self.cause) = (metrics, cause) }

  /// The notes in a checkpoint's metadata.
  package init(metadata: [String: String]) {
    let json = metadata[Self.metricsKey] ?? "{}"
    metrics = (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
    cause = metadata[Self.causeKey].flatMap { Cause(rawValue: $0) }
  }

  /// The notes as metadata.
  package var metadata: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(metrics) else { preconditionFailure("texts by text are JSON") }
    let json = String(decoding: data, as: UTF8.self)
    return [Self.metricsKey: json].merging(cause.map { [Self.causeKey: $0.rawValue] } ?? [:]) { $1 }
  }

  /// The number in a column; nil when it was not measured or is none.
  package func value(_ column: String) -> Double? {
    metrics[column].flatMap { Double($0) }.flatMap { $0.isNaN ? nil : $0 }
  }
}
