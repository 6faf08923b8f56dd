import Basics
import Comparison
import Runs
import Spec

/// The column that says which of several runs is better.
package struct Objective: Equatable, Sendable {
  package let metric: String
  /// Whether more is better.
  package let isMaximised: Bool

  /// The objective `metric`.
  package init(metric: String, isMaximised: Bool = false) { (self.metric, self.isMaximised) = (metric, isMaximised) }

  /// What the sweep says that all of `runs` belong to; else the distance between drawn and training images if a run has measured it.
  /// Nil when there is neither: losses of different runs do not compare.
  package static func of(_ runs: [ComparedRun], _ files: any FileSystem) -> Objective? {
    if let first = runs.first, let sweep = first.manifest.sweep, runs.allSatisfy({ $0.manifest.sweep == sweep }),
      let objective = inSweep(of: first.directory, files)
    {
      return objective
    }
    return runs.contains { $0.metrics.contains(distance) } ? Objective(metric: distance) : nil
  }

  private static let distance = "swd_mean"
  private static let largestFile = 1 << 20

  /// What `sweep.yaml` says, two folders above a trial's.
  private static func inSweep(of trial: RunDirectory, _ files: any FileSystem) -> Objective? {
    let path = Path.join(Path.parent(of: Path.parent(of: trial.path)), "sweep.yaml")
    guard let bytes = try? files.contents(of: path, limit: largestFile), let settings = try? SpecSettings(bytes, file: path),
      let metric = settings["objective.metric"]
    else { return nil }
    return Objective(metric: metric, isMaximised: settings["objective.goal"] == "maximize")
  }
}
