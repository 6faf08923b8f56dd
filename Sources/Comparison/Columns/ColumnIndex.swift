import Basics
import Spec

/// All columns that some runs have.
package struct ColumnIndex: Sendable {
  /// Settings in the order of the specs; one that only some have comes after the one it follows there.
  package let settings: [String]
  /// Metrics likewise.
  package let metrics: [String]
  /// Settings that not all runs have alike.
  package let changed: Set<String>

  private let names: [String: ColumnName]
  /// What a name without its prefix stands for.
  private let short: [String: [ColumnName]]

  /// The columns of `runs`.
  package init(_ runs: [ComparedRun]) {
    var (metrics, known) = (OrderedUnion(), Set<ObjectIdentifier>())
    for run in runs {
      for table in run.tables where known.insert(ObjectIdentifier(table.header)).inserted { metrics.add(table.metrics) }
    }
    (settings, changed) = Self.settings(of: runs)
    self.metrics = metrics.items
    let columns = ColumnName.fixed + self.settings.map(ColumnName.setting) + self.metrics.map(ColumnName.metric)
    names = Dictionary(columns.map { ($0.description, $0) }) { earlier, _ in earlier }
    short = Dictionary(grouping: columns, by: \.short)
  }

  /// All settings, and those that not all runs have alike. Runs of one shape are looked at together.
  private static func settings(of runs: [ComparedRun]) -> (all: [String], changed: Set<String>) {
    /// Runs of one shape, and for each of their settings how many have another value than the shape.
    struct Family {
      let shape: SpecSettings.Shape
      var runs = 0
      var changed: [Int: Int] = [:]
    }
    var (settings, places, families) = (OrderedUnion(), [ObjectIdentifier: Int](), [Family]())
    var (first, differing, counts) = ([String: String](), Set<String>(), [String: Int]())
    func look(_ path: String, _ value: String) {
      if let known = first[path] {
        if known != value { differing.insert(path) }
      } else {
        first[path] = value
      }
    }
    for run in runs {
      let shape = run.settings.shape
      let place = places[ObjectIdentifier(shape)] ?? families.count
      if place == families.count {
        places[ObjectIdentifier(shape)] = place
        families.append(Family(shape: shape))
        settings.add(shape.items.map(\.path))
      }
      families[place].runs += 1
      for change in run.settings.changes {
        families[place].changed[change.place, default: 0] += 1
        look(shape.items[change.place].path, change.value)
      }
    }
    for family in families {
      for (place, setting) in family.shape.items.enumerated() {
        counts[setting.path, default: 0] += family.runs
        if family.changed[place] ?? 0 < family.runs { look(setting.path, setting.value) }
      }
    }
    return (settings.items, differing.union(counts.filter { $0.value < runs.count }.keys))
  }

  /// All columns in the order of the CSV.
  package var all: [ColumnName] {
    ColumnName.fixed + settings.map(ColumnName.setting) + metrics.map(ColumnName.metric)
  }

  /// The column of this name; `params.` or `metrics.` may be left out where one column only is meant.
  package subscript(name: String) -> ColumnName? {
    if let column = names[name] { return column }
    guard let columns = short[name], columns.count == 1 else { return nil }
    return columns[0]
  }

  /// The columns that a pattern as `params.optimizer.*` or `loss.*` matches, in the order of the CSV.
  package func matches(of pattern: String) -> [ColumnName] {
    if let column = self[pattern] { return [column] }
    let glob = Glob(pattern)
    return all.filter { glob.matches($0.description) || glob.matches($0.short) }
  }

  /// What may have been meant by a name that no column has.
  package func suggestion(for name: String) -> String? {
    let candidates = all.map(\.description).filter { $0.hasSuffix("." + name) }
    if candidates.count == 1 { return candidates[0] }
    if let whole = EditDistance.closest(to: name, among: all.map(\.description)) { return whole }
    return EditDistance.closest(to: name, among: all.map(\.short)).flatMap { self[$0] }?.description
  }
}

/// Names of several ordered lists, each once, behind the one that it follows in its list.
private struct OrderedUnion {
  private var names: [String] = []
  private var places: [String: Int] = [:]
  /// For each of `names` the place of the one behind it; those that come first by the place before all.
  private var following: [Int: Int] = [:]
  private var last: [String] = []

  mutating func add(_ names: [String]) {
    guard names != last else { return }
    last = names
    var place = -1
    for name in names {
      if let known = places[name] {
        place = known
      } else {
        let new = self.names.count
        self.names.append(name)
        places[name] = new
        (following[new], following[place]) = (following[place], new)
        place = new
      }
    }
  }

  /// All names.
  var items: [String] {
    var items: [String] = []
    items.reserveCapacity(names.count)
    var place = following[-1]
    while let index = place {
      items.append(names[index])
      place = following[index]
    }
    return items
  }
}
