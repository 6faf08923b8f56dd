import Comparison
import Runs

/// What `why --json` prints.
struct DifferenceJSON: Encodable {
  struct Change: Encodable {
    let name: String
    let first: String?
    let second: String?
  }

  struct Metrics: Encodable {
    let firstRows, secondRows, agreeing: Int
    let lastIteration: Int?
    let onlyFirst, onlySecond: [String]
    /// The first row that differs; nil when none does.
    let partsAt: Int?
    let differing: [Change]
  }

  struct Incident: Encodable {
    let run: String
    let iteration: Int
    let event, detail: String
  }

  let first, second: String
  /// Whether the rows agree as far as both go.
  let agree: Bool
  let settings, circumstances: [Change]
  /// Nil when one of them has no metrics.csv yet.
  let metrics: Metrics?
  let incidents: [Incident]

  init(_ difference: RunDifference, _ runs: [RunDirectory]) {
    (first, second) = (runs[0].path, runs[1].path)
    agree = difference.metrics?.row == nil
    settings = difference.spec.changes.map { Change(name: $0.path, first: $0.first, second: $0.second) }
    circumstances = difference.circumstances.map { Change(name: $0.name, first: $0.first, second: $0.second) }
    metrics = difference.metrics.map { parting in
      Metrics(
        firstRows: parting.firstCount, secondRows: parting.secondCount, agreeing: parting.agreeing,
        lastIteration: parting.lastIteration.flatMap { Int($0) }, onlyFirst: parting.onlyFirst, onlySecond: parting.onlySecond,
        partsAt: parting.row.flatMap { Int($0.iteration) },
        differing: (parting.row?.cells ?? []).map { Change(name: $0.column, first: $0.first, second: $0.second) })
    }
    incidents = difference.incidents.map {
      Incident(run: $0.run.path, iteration: $0.iteration, event: $0.event.rawValue, detail: $0.detail)
    }
  }
}
