import Basics
import Comparison
import Runs
import Spec

/// What a report says, before it has a form: which runs belong together, in what they differ, what they measured.
struct ReportContent {
  let title: String
  let runs: [ComparedRun]
  let skipped: [RunCatalog.Skipped]
  /// Paths of the settings that differ, in the order of the specs; not the seed and not the name.
  let differing: [String]
  /// The best one first if there is an objective, else in the order of the runs.
  let groups: [ReportGroup]
  let objective: Objective?
  /// Columns that are shown as numbers.
  let metrics: [String]
  let last: LastValues
  let names: ShortNames

  /// Columns that compare from run to run, in the order in which they are shown; losses come last, since they do not say much.
  private static let tabulated = ["swd_mean", "ms_ssim", "nearest", "copies", "loss.discriminator", "loss.generator"]
  /// What is different in repeats, or only in how runs are called.
  private static let ignored: Set<String> = ["seed", "name"]
  /// With more differing settings than this, groups are called by their runs.
  private static let mostNamedSettings = 4

  /// Sorts `runs`, of which there is at least one.
  init(title: String?, runs: [ComparedRun], skipped: [RunCatalog.Skipped], objective: Objective?, _ files: any FileSystem) throws {
    (self.runs, self.skipped) = (runs, skipped)
    self.objective = objective ?? Objective.of(runs, files)
    let known = Set(runs.flatMap(\.metrics))
    metrics = ([self.objective?.metric].compactMap { $0 } + Self.tabulated).filter(known.contains).distinct
    last = try LastValues(runs, metrics, files)
    let settings = runs.map { run in Dictionary(run.settings.items.map { ($0.path, $0.value) }) { first, _ in first } }
    let differing = runs.flatMap { $0.settings.items.map(\.path) }.distinct.filter { path in
      !Self.ignored.contains(path) && Set(settings.map { $0[path] }).count > 1
    }
    self.differing = differing
    names = ShortNames(differing)
    self.title = title ?? runs.map(\.manifest.name).distinct.prefix(3).joined(separator: ", ")
    let keys = settings.map { all in differing.map { all[$0] } }
    var members: [[String?]: [ComparedRun]] = [:]
    for (key, run) in zip(keys, runs) { members[key, default: []].append(run) }
    let groups = keys.distinct.map { key in
      let values = zip(differing, key).compactMap { path, value in value.map { (path, $0) } }
      return ReportGroup(runs: members[key]!, values: Dictionary(uniqueKeysWithValues: values), style: nil, name: "")
    }
    self.groups = Self.styled(Self.sorted(groups, self.objective, last), differing, names)
  }

  /// Groups that are drawn.
  var drawn: [ReportGroup] { groups.filter { $0.style != nil } }

  /// Whether there are repeats anywhere.
  var hasRepeats: Bool { groups.contains { $0.runs.count > 1 } }

  private static func sorted(_ groups: [ReportGroup], _ objective: Objective?, _ last: LastValues) -> [ReportGroup] {
    guard let objective else { return groups }
    let scores = groups.map { group -> Double in
      guard let mean = group.sample(objective.metric, last)?.mean else { return .infinity }
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
