import Comparison

/// Runs with the same settings: repeats, which differ in their seed.
struct ReportGroup {
  /// At least one, by seed.
  let members: [Measured]
  /// The values of the settings that differ between groups, by path; those that the spec does not have are not there.
  let values: [String: String]
  /// How it is drawn; nil when there are too many to draw.
  var style: SeriesStyle?
  /// What it is called beside its line.
  var name = ""

  /// The group of these runs, whose specs agree in the settings `differing` and in all others.
  init(_ members: [Measured], differing: [String]) {
    self.members = members
    let settings = members[0].run.settings
    let values = differing.compactMap { path in settings[path].map { (path, HTML.cut($0)) } }
    self.values = Dictionary(uniqueKeysWithValues: values)
  }

  var runs: [ComparedRun] { members.map(\.run) }

  /// The first run, which stands for all where only one can be shown.
  var first: ComparedRun { members[0].run }

  /// The last values of `metric`, of those runs that have a number; nil when none has.
  func sample(_ metric: String) -> Sample? { Sample(members.compactMap { $0.last[metric] }.filter(\.isFinite)) }
}
