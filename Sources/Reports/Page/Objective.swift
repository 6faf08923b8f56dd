import Basics
import Comparison
import Spec

/// The column that says which of several runs is better.
package struct Objective: Equatable, Sendable {
  package let metric: String
  /// Whether more is better.
  package let isMaximized: Bool

  package init(metric: String, isMaximized: Bool = false) { (self.metric, self.isMaximized) = (metric, isMaximized) }

  /// What the sweep says that all of `runs` belong to; else the first of `measures` that is shown everywhere, if a run has it; less of that
  /// is better.
  /// Nil when there is neither: losses of different runs do not compare.
  static func of(_ runs: [ComparedRun], _ measures: [MeasureColumn], _ files: any FileSystem) -> Objective? {
    if let sweep = SweepFacts(of: runs, files), let metric = sweep.metric {
      return Objective(metric: metric, isMaximized: sweep.isMaximized)
    }
    guard let first = measures.names(at: .everywhere).first, runs.contains(where: { $0.metrics.contains(first) }) else {
      return nil
    }
    return Objective(metric: first)
  }
}
