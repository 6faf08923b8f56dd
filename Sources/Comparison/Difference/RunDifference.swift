import Basics
import Runs
import Spec

/// Why two runs are not the same: what they were given, where they ran, and where their rows begin to differ.
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
  /// What happened before the row where the runs begin to differ, in the order of the runs; none if they do not.
  package let incidents: [Incident]

  /// Compares the runs in two directories. Throws when one is no run, or its spec or metrics cannot be read.
  package init(_ first: RunDirectory, _ second: RunDirectory, _ files: any FileSystem) throws {
    let folders = try [first, second].map { run throws in try files.confined(to: run.path) }
    let (one, other) = (try Manifest(first, folders[0]), try Manifest(second, folders[1]))
    spec = SpecDifference(try Self.settings(first, folders[0]), try Self.settings(second, folders[1]))
    circumstances = Self.causes.compactMap { name, value in
      value(one) == value(other) ? nil : Circumstance(name: name, first: value(one), second: value(other))
    }
    let hasMetrics = try zip([first, second], folders).allSatisfy { try $1.fileStatus(of: $0.metrics) != nil }
    metrics = hasMetrics ? try MetricsParting((first.metrics, folders[0]), (second.metrics, folders[1])) : nil
    let end = metrics?.row.flatMap { Int($0.iteration) } ?? 0
    incidents = zip([first, second], folders).flatMap { Self.incidents($0, before: end, $1) }
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

  /// The most incidents of a run that are reported; the first ones are those that matter.
  private static let mostIncidents = 100

  /// Events after which a run may not be what its spec alone makes of it.
  private static let telling: Set<RunEvent> = [.resume, .accept, .watch]

  /// The events of `run` before iteration `end` that matter; none from a damaged file.
  private static func incidents(_ run: RunDirectory, before end: Int, _ files: any FileSystem) -> [Incident] {
    guard end > 0 else { return [] }
    var incidents: [Incident] = []
    try? EventReader.forEach(run, among: telling.map(\.rawValue), TableBuffer(), files) { event in
      guard incidents.count < mostIncidents, let iteration = event.iteration, iteration < end,
        let kind = RunEvent(rawValue: event.name), telling.contains(kind)
      else { return }
      incidents.append(Incident(run: run, iteration: iteration, event: kind, detail: event.detail))
    }
    return incidents
  }
}
