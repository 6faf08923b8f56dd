import Basics
import Runs
import Spec

/// Why two runs are not the same: what they were given, where they ran, and where their rows part.
package struct RunDifference: Equatable, Sendable {
  /// Something besides the spec that may change what a run computes.
  package struct Circumstance: Equatable, Sendable {
    package let name: String
    package let first: String
    package let second: String
  }

  /// Something that happened to a run on its way and may have changed it.
  package struct Incident: Equatable, Sendable {
    package let run: RunDirectory
    package let iteration: Int
    package let event: RunEvent
    package let detail: String
  }

  package let spec: SpecDifference
  /// Those that differ.
  package let circumstances: [Circumstance]
  /// Nil when one of the runs has no `metrics.csv` yet.
  package let metrics: MetricsParting?
  /// What happened before the row where the runs part, in the order of the runs; none when they do not part.
  package let incidents: [Incident]

  /// Compares the runs in two directories. Throws when one is no run, or its spec or metrics cannot be read.
  package init(_ first: RunDirectory, _ second: RunDirectory, _ files: any FileSystem) throws {
    let (one, other) = (try Manifest(first, files), try Manifest(second, files))
    spec = SpecDifference(try Self.settings(first, files), try Self.settings(second, files))
    circumstances = Self.causes.compactMap { name, value in
      value(one) == value(other) ? nil : Circumstance(name: name, first: value(one), second: value(other))
    }
    let hasMetrics = try [first, second].allSatisfy { try files.status(of: $0.metrics)?.kind == .file }
    metrics = hasMetrics ? try MetricsParting(first.metrics, second.metrics, files) : nil
    let end = metrics?.row.flatMap { Int($0.iteration) } ?? 0
    incidents = [first, second].flatMap { Self.incidents($0, before: end, files) }
  }

  /// Bytes of the largest `spec.yaml` that is read.
  private static let largestSpec = 1 << 20

  private static func settings(_ run: RunDirectory, _ files: any FileSystem) throws -> SpecSettings {
    try SpecSettings(try files.contents(of: run.spec, limit: largestSpec), file: run.spec)
  }

  private static let causes: [(name: String, value: @Sendable (Manifest) -> String)] = [
    ("dataset", { $0.datasetHash ?? "unknown" }), ("fadein", { $0.build.description }), ("commit", { $0.gitCommit ?? "unknown" }),
    ("cpu", { $0.cpu }), ("threads", { String($0.threads) }),
  ]

  /// Events after which a run may not be what its spec alone makes of it.
  private static let telling: Set<RunEvent> = [.resume, .accept, .watch]

  /// The telling events of `run` before iteration `end`; a damaged file tells nothing.
  private static func incidents(_ run: RunDirectory, before end: Int, _ files: any FileSystem) -> [Incident] {
    guard end > 0, let bytes = try? files.contents(of: run.events, limit: CSVTable.Limits().fileBytes),
      let table = try? CSVTable(bytes), table.columns == EventRow.columns
    else { return [] }
    return table.rows.compactMap { cells in
      guard let iteration = Int(cells[1]), iteration < end, let event = RunEvent(rawValue: cells[2]), telling.contains(event) else {
        return nil
      }
      return Incident(run: run, iteration: iteration, event: event, detail: CSV.unguarded(cells[3]))
    }
  }
}
