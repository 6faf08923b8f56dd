import Comparison
import Spec

/// Runs with the same settings: repeats, which differ in their seed.
struct ReportGroup {
  /// At least one.
  let runs: [ComparedRun]
  /// The values of the settings that differ between groups, by path; nil where a spec does not have one.
  let values: [String: String]
  /// How it is drawn; nil when there are too many to draw.
  var style: SeriesStyle?
  /// What it is called beside its line.
  var name: String

  /// The first run, which stands for all where only one can be shown.
  var first: ComparedRun { runs[0] }

  /// The sample of the runs' last values of `metric`; nil when one has no number there.
  func sample(_ metric: String, _ table: LastValues) -> Sample? {
    Sample(runs.compactMap { table[$0, metric] }.filter(\.isFinite))
  }
}
