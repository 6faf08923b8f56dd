import Basics
import Foundation
import Runs
import Spec
import Studies
import Training

/// A run as `fadein list` shows it. Property names are the keys of the JSON.
struct RunEntry: Encodable {
  /// The run's folder, which other commands take.
  let run: String
  /// The first step of the path under the folder of all runs.
  let name: String
  /// The rest of the path: `v001`, or `v001/trials/t0001`.
  let version: String
  let status: String
  let phase: Int?
  let resolution: Int?
  /// From 0 to 1, by work.
  let progress: Double
  /// The time left at the latest speed; nil when finished.
  let secondsLeft: Double?
  let iteration: Int
  let iterations: Int
  let label: String?
  let started: String
  let finished: String?
  /// The measured cells of the last row of `metrics.csv`.
  let metrics: [String: Metric]
  /// The cells of the last row of `evaluations.csv`, its iteration among them; nil before the first.
  let evaluation: [String: Metric]?

  /// A number; JSON has no infinities, so these and `nan` are words as in the CSV.
  enum Metric: Encodable {
    case number(Double)
    case word(String)

    /// The metric of a measured cell.
    init(_ field: String) {
      if let number = Double(field), number.isFinite { self = .number(number) } else { self = .word(field) }
    }

    func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .number(let number): try value.encode(number)
      case .word(let word): try value.encode(word)
      }
    }
  }

  /// The run of `summary`, found under the folder `runs`.
  init(_ summary: RunSummary, under runs: String) {
    let steps = Self.steps(of: summary.directory.path, under: runs)
    run = summary.directory.path
    name = steps.first ?? summary.manifest.name
    version = steps.dropFirst().joined(separator: "/")
    status = summary.status.rawValue
    (phase, resolution) = (summary.phase, summary.resolution)
    (progress, iteration, iterations) = (summary.progress, summary.iteration, summary.manifest.iterations)
    secondsLeft = summary.secondsLeft.map { $0.rounded() }
    (label, started, finished) = (summary.manifest.label, summary.manifest.created, summary.manifest.finished)
    let cells = (summary.metrics?.cells ?? []).filter { !$0.field.isEmpty && !Self.isProgress($0.column) }
    metrics = Self.metrics(cells)
    evaluation = summary.evaluation.map { Self.metrics($0.cells.filter { !$0.field.isEmpty }) }
  }

  /// The steps of `path` below the folder `runs`.
  static func steps(of path: String, under runs: String) -> [String] {
    path.dropFirst(runs.count).split(separator: "/").map(String.init)
  }

  private static func metrics(_ cells: [(column: String, field: String)]) -> [String: Metric] {
    Dictionary(cells.map { ($0.column, Metric($0.field)) }) { first, _ in first }
  }

  private static func isProgress(_ column: String) -> Bool { [.iteration, .phase, .resolution].contains(Column(column)) }
}

/// For people.
extension RunEntry {
  /// The metrics that the table shows.
  private static let shownMetrics = NetworkRole.allCases.map { Column.loss($0).name }
  /// Those of the last evaluation that the table shows where any run has them.
  private static let shownEvaluations = Language.fadein.measured.names(at: .everywhere)

  /// A table for runs; no measure of quality is shown that none has, nor the time left when no run is under way.
  static var table: Table {
    // Losses say least: each is what one iteration measured.
    let metrics = shownMetrics.map { Table.Column($0.uppercased(), .right, rank: 6) }
    let evaluations = shownEvaluations.map { Table.Column($0.uppercased(), .right, isOptional: true, rank: 2) }
    return Table(
      [Table.Column("NAME"), Table.Column("VERSION"), Table.Column("STATUS"), Table.Column("PHASE", rank: 4)]
        + [Table.Column("PROGRESS", .right), Table.Column("LEFT", .right, isOptional: true, rank: 1)]
        + [Table.Column("ITERATION", .right, rank: 3)] + metrics + evaluations
        + [Table.Column("LABEL", isOptional: true, rank: 1), Table.Column("STARTED (UTC)", rank: 5)])
  }

  /// The run as a row of the table.
  var cells: [String] {
    let place = phase.map { "\($0)" + (resolution.map { " (\($0)x\($0))" } ?? "") }
    // Rounded down: 100% is for a run that is done.
    let percent = "\(Int(max(0, progress) * 100))%"
    let numbers = Self.shownMetrics.map { metrics[$0]?.short ?? "" } + Self.shownEvaluations.map { evaluation?[$0]?.short ?? "" }
    let start = String(started.prefix(16)).replacing("T", with: " ")
    let left = secondsLeft.map { ProgressObserver.duration($0) } ?? ""
    return [name, version, status, place ?? "", percent, left, "\(iteration)/\(iterations)"] + numbers + [
      (label ?? "").shortened, start,
    ]
  }
}

extension RunEntry.Metric {
  /// Four significant digits.
  fileprivate var short: String {
    switch self {
    case .number(let number): String(format: "%.4g", number)
    case .word(let word): word.shortened
    }
  }
}
