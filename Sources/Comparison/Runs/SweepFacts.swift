import Basics
import Runs
import Spec

/// What the sweep of some runs says of itself, as its `sweep.yaml` spells it.
package struct SweepFacts: Sendable {
  /// The column that trials are compared by; nil when the sweep has none.
  package let metric: String?
  /// Whether more of it is better.
  package let isMaximized: Bool
  /// The paths of the settings that its trials differ in; of a map, the path of the map.
  private let parameters: Set<String>

  /// Bytes of the largest `sweep.yaml` that is read.
  private static let largestFile = 1 << 20
  /// What a parameter may be a map of.
  private static let spaces: Set<String> = ["values", "choices", "uniform", "log_uniform", "integers"]

  /// Reads the sweep that all of `runs` belong to, two folders above a trial's; nil when there is none, or it cannot be read.
  package init?(of runs: [ComparedRun], _ files: any FileSystem) {
    guard let first = runs.first, let sweep = first.manifest.sweep, runs.allSatisfy({ $0.manifest.sweep == sweep }) else {
      return nil
    }
    let folder = Path.parent(of: Path.parent(of: first.directory.path))
    let path = Path.join(folder, "sweep.yaml")
    guard let files = try? files.confined(to: folder), let bytes = try? files.contents(of: path, limit: Self.largestFile),
      let settings = try? SpecSettings(bytes, file: path)
    else { return nil }
    metric = settings["objective.metric"]
    isMaximized = settings["objective.goal"] == "maximize"
    parameters = Set(settings.items.compactMap { Self.parameter($0.path) })
  }

  /// `optimizer.adam.rate` of `parameters.optimizer.adam.rate.values`.
  private static func parameter(_ path: String) -> String? {
    var steps = path.split(separator: ".").map(String.init)
    guard steps.first == "parameters" else { return nil }
    steps.removeFirst()
    if steps.first == "zip" { return steps.dropFirst().joined(separator: ".") }
    guard let space = steps.firstIndex(where: spaces.contains) else { return nil }
    return steps[..<space].joined(separator: ".")
  }

  /// Whether the setting at `path` is one that the sweep chooses.
  package func isSwept(_ path: String) -> Bool {
    parameters.contains(path) || path.indices.contains { path[$0] == "." && parameters.contains(String(path[..<$0])) }
  }
}
