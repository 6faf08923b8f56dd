import Basics
import Charts
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
  /// Of an ablation the runs without a change.
  let baseline: ReportGroup?

  /// Columns that are drawn, in this order.
  let curves: [String]

  /// Losses come last, since they do not say much.
  private static let losses = [Column.loss(.discriminator).name, Column.loss(.generator).name]
  /// What is different in repeats, or only in how runs are called.
  private static let ignored: Set<String> = ["seed", "name"]
  /// Settings that a group is called by; where these do not distinguish groups, the run is named, too.
  private static let mostNamedSettings = 4

  init(
    title: String?, runs given: [ComparedRun], skipped: [RunCatalog.Skipped], objective: Objective?, measures: [MeasureColumn],
    threads: Int,
    _ files: any FileSystem
  ) {
    let ablation = Ablation(given, files)
    let all = ablation?.runs ?? given
    let columns = ColumnIndex(all)
    let objective = objective ?? Objective.of(all, measures, files)
    let metrics = ([objective?.metric].compactMap { $0 } + measures.names(at: .reports) + Self.losses).filter(
      columns.metrics.contains
    ).distinct
    curves = measures.names(at: .everywhere) + Self.losses + [Column.gradientNorm.name]
    let read = Measured.read(all, metrics: metrics, threads: threads, files)
    let (groups, repeated) = RunGroup.groups(read.runs.map(\.run))
    let differing = columns.settings.filter { columns.changed.contains($0) && !Self.ignored.contains($0) }
    let names = ShortNames(differing)
    let members = groups.map { group in ReportGroup(group.members.map { read.runs[$0] }) }
    let sweep = SweepFacts(of: all, files)
    let swept = differing.filter { sweep?.isSwept($0) ?? false }
    self.groups = Self.styled(Self.sorted(members, objective), swept.isEmpty ? differing : swept, names)
    runs = self.groups.flatMap(\.runs)
    self.repeated = repeated.map { read.runs[$0].run }
    let sweeps = all.map(\.manifest.sweep).distinct
    self.title =
      title ?? (sweeps.count == 1 ? sweeps[0] : nil) ?? all.map(\.manifest.name).distinct.prefix(3).joined(separator: ", ")
    let unchanged = ablation?.baseline?.directory
    baseline =
      groups.isEmpty ? nil : self.groups.first { group in unchanged.map { group.runs.map(\.directory).contains($0) } ?? false }
    self.skipped = skipped + read.skipped
    self.differing = differing
    self.names = names
    self.objective = objective
    self.metrics = metrics
  }

  /// Groups that are drawn.
  var drawn: [ReportGroup] { groups.filter { $0.style != nil } }

  /// Whether there are repeats anywhere.
  var hasRepeats: Bool { groups.contains { $0.runs.count > 1 } }

  private static func sorted(_ groups: [ReportGroup], _ objective: Objective?) -> [ReportGroup] {
    guard let objective else { return groups }
    let scores = groups.map { group -> Double in
      guard let mean = group.sample(objective.metric)?.mean else { return .infinity }
      return objective.isMaximized ? -mean : mean
    }
    return groups.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.map { groups[$0] }
  }

  /// The groups with names, and the first ones with styles. They are called by the values of `paths`.
  private static func styled(_ groups: [ReportGroup], _ paths: [String], _ names: ShortNames) -> [ReportGroup] {
    let named = paths.prefix(mostNamedSettings)
    let titles = groups.map { group in names.title(named.map { (path: $0, value: group.value($0)) }) }
    let counts = Dictionary(titles.map { ($0, 1) }, uniquingKeysWith: +)
    return groups.enumerated().map { number, group in
      var group = group
      group.style = number < SeriesStyle.count ? SeriesStyle(number) : nil
      let run = group.runs.count == 1 ? group.first.name : "\(group.first.name) and repeats"
      let title = titles[number]
      group.name = title.isEmpty ? run : counts[title] == 1 ? title : "\(title) (\(group.first.name))"
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
