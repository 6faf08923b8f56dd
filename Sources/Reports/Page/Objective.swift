import Basics
import Comparison

/// The column that says which of several runs is better.
package struct Objective: Equatable, Sendable {
  package let metric: String
  /// Whether more is better.
  package let isMaximised: Bool

  package init(metric: String, isMaximised: Bool = false) { (self.metric, self.isMaximised) = (metric, isMaximised) }

  /// What the sweep says that all of `runs` belong to; else the distance between drawn and training images if a run has measured it.
  /// Nil when there is neither: losses of different runs do not compare.
  package static func of(_ runs: [ComparedRun], _ files: any FileSystem) -> Objective? {
    if let sweep = SweepFacts(of: runs, files), let metric = sweep.metric {
      return Objective(metric: metric, isMaximised: sweep.isMaximised)
    }
    return runs.contains { $0.metrics.contains(distance) } ? Objective(metric: distance) : nil
  }

  private static let distance = "swd_mean"
}
