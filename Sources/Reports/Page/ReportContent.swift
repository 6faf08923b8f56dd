import Basics
import Comparison
import Runs
import Spec

/// What a report says, before it has a form: which runs belong together, in what they differ, what they measured.
struct ReportContent {
  let title: String
  /// Those of all groups.
  let runs: [ComparedRun]
  let skipped: [RunCatalog.Skipped]
  /// Runs that are like another one, with the same seed: they say nothing new and are in no group.
  let repeated: [ComparedRun]
  /// Paths of the settings that differ, in the order of the specs; not the seed and not the name.
  let differing: [String]
  /// The best one first if there is an objective, else in the order of the runs.
  let groups: [ReportGroup]
  let objective: Objective?
  /// Columns that are shown as numbers.
  let metrics: [String]
  let names: ShortNames

  /// Columns that compare from run to run, in the order in which they are shown; losses come last, since they do not say much.
  private static let tabulated = ["swd_mean", "ms_ssim", "nearest", "copies", "loss.discriminator", "loss.generator"]
  /// What is different in repeats, or only in how runs are called.
  private static let ignored: Set<String> = ["seed", "name"]
  /// With more differing settings than this, groups are called by their runs.
  private static let mostNamedSettings = 4

  /// Sorts `all`.
  init(
    title: String?, runs all: [ComparedRun], skipped: [RunCatalog.Skipped], objective: Objective?, threads: Int,
    _ files: any FileSystem
  ) {
    let columns = ColumnIndex(all)
    let objective = objective ?? Objective.of(all, files)
    let metrics = ([objective?.metric].compactMap { $0 } + Self.tabulated).filter(columns.metrics.contains).distinct
    let read = Measured.read(all, metrics: metrics, threads: threads, files)
    let (groups, repeated) = RunGroup.groups(read.runs.map(\.run))
    let differing = columns.settings.filter { columns.changed.contains($0) && !Self.ignored.contains($0) }
    let names = ShortNames(differing)
    let members = groups.map { group in ReportGroup(group.members.map { read.runs[$0] }, differing: differing) }
    self.groups = Self.styled(Self.sorted(members, objective), differing, names)
    runs = self.groups.flatMap(\.runs)
    self.repeated = repeated.map { read.runs[$0].run }
    let sweeps = all.map(\.manifest.sweep).distinct
    let sweep = sweeps.count == 1 ? sweeps[0] : nil
    self.title = title ?? sweep ?? all.map(\.manifest.name).distinct.prefix(3).joined(separator: ", ")
    self.skipped = skipped + read.skipped
    (self.differing, self.names, self.objective, self.metrics) = (differing, names, objective, metrics)
  }

  /// Groups that are drawn.
  var drawn: [ReportGroup] { groups.filter { $0.style != nil } }

  /// Whether there are repeats anywhere.
  var hasRepeats: Bool { groups.contains { $0.runs.count > 1 } }

  private static func sorted(_ groups: [ReportGroup], _ objective: Objective?) -> [ReportGroup] {
    guard let objective else { return groups }
    let scores = groups.map { group -> Double in
      guard let mean = group.sample(objective.metric)?.mean else { return .infinity }
      return objective.isMaximised ? -mean : mean
    }
    return groups.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.map { groups[$0] }
  }

  /// The groups with names, and the first ones with styles.
  private static func styled(_ groups: [ReportGroup], _ paths: [String], _ names: ShortNames) -> [ReportGroup] {
    groups.enumerated().map { number, group in
      var group = group
      group.style = number < SeriesStyle.count ? SeriesStyle(number) : nil
      let isNamed = (1...mostNamedSettings).contains(paths.count)
      let settings = paths.map { "\(names[$0]) \(group.values[$0] ?? "–")" }.joined(separator: ", ")
      group.name = isNamed ? settings : group.runs.count == 1 ? group.first.name : "\(group.first.name) and repeats"
      return group
    }
  }
}

extension Sequence where Element: Hashable {
  /// The elements without repetitions, each where it came first.
  var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
