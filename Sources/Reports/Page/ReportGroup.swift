import Charts
import Comparison

/// Runs with the same settings: repeats, which differ in their seed.
struct ReportGroup {
  /// At least one, by seed.
  let members: [Measured]
  /// How it is drawn; nil when there are too many to draw.
  var style: SeriesStyle?
  /// What it is called beside its line.
  var name = ""

  /// The group of these runs, whose specs agree in all settings but the seed.
  init(_ members: [Measured]) { self.members = members }

  /// The value of a setting as it is shown; nil when the spec does not have it.
  func value(_ path: String) -> String? { members[0].run.settings[path].map(HTML.cut) }

  var runs: [ComparedRun] { members.map(\.run) }

  /// The first run, which stands for all where only one can be shown.
  var first: ComparedRun { members[0].run }

  /// The last values of `metric`, of those runs that have a number; nil when none has.
  func sample(_ metric: String) -> Sample? { Sample(members.compactMap { $0.last[metric] }.filter(\.isFinite)) }
}
