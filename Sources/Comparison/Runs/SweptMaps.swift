import Basics
import Runs
import Spec

/// Maps that sweeps change as a whole, as `data.augment`. Such a map is one setting of the trials, and is called as the sweep file
/// has it: `{contrast: {}}`. Taken apart it would be a column for each key that some trial has.
struct SweptMaps {
  /// Bytes of the largest `trials.csv` that is read.
  private static let largestTable = 32 << 20

  /// What the trials of a sweep are given: the text for each path, by the name of the trial's folder.
  private struct Sweep {
    var paths: [String] = []
    var texts: [String: [String]] = [:]
  }

  private let sweeps: [String: Sweep]

  /// Reads `trials.csv` of every sweep that one of `runs` belongs to. A table that cannot be used leaves the maps of its trials apart.
  init(_ runs: [ComparedRun], _ files: any FileSystem) {
    let folders = Set(runs.compactMap(Self.sweep))
    sweeps = folders.reduce(into: [:]) { sweeps, folder in sweeps[folder] = Self.read(folder, files) }
  }

  /// `runs` with each map that a sweep among them changes as one setting.
  func folded(_ runs: [ComparedRun]) -> [ComparedRun] {
    // Specs of one shape have the same paths.
    var shapes: Set<ObjectIdentifier> = []
    let kinds = runs.filter { shapes.insert(ObjectIdentifier($0.settings.shape)).inserted }
    let paths = outermost(Set(sweeps.values.flatMap(\.paths))).filter { path in
      kinds.contains { $0.settings.hasSettings(below: path) }
    }
    guard !paths.isEmpty else { return runs }
    let folder = SettingsFolder(paths)
    var settings = runs.map { folder.folded($0.settings) }
    for path in paths {
      let names = names(of: path, runs, settings)
      for index in settings.indices {
        if let value = settings[index][path], let name = names[value] { settings[index].rename(path, name) }
      }
    }
    return zip(runs, settings).map { $0.with($1) }
  }

  /// What sweep files call the values of `path`: none that stands for two values, one for each value.
  private func names(of path: String, _ runs: [ComparedRun], _ settings: [SpecSettings]) -> [String: String] {
    var (names, values) = ([String: String](), [String: Set<String>]())
    for (run, settings) in zip(runs, settings) {
      guard let sweep = Self.sweep(of: run).flatMap({ sweeps[$0] }), let column = sweep.paths.firstIndex(of: path),
        let text = sweep.texts[Path.name(of: run.directory.path)]?[column], let value = settings[path]
      else { continue }
      names[value] = names[value] ?? text
      values[text, default: []].insert(value)
    }
    return names.filter { values[$0.value]?.count == 1 }
  }

  /// The folder of the sweep that a run belongs to; nil when it is no trial of one.
  private static func sweep(of run: ComparedRun) -> String? {
    let trials = Path.parent(of: run.directory.path)
    guard run.manifest.sweep != nil, Path.name(of: trials) == "trials" else { return nil }
    return Path.parent(of: trials)
  }

  private static func read(_ folder: String, _ files: any FileSystem) -> Sweep? {
    guard let files = try? files.confined(to: folder),
      let bytes = try? files.contents(of: Path.join(folder, "trials.csv"), limit: largestTable),
      let table = try? CSVTable(bytes), let trials = table[column: "trial"],
      let first = table.columns.firstIndex(of: "repeat"), let end = table.columns.firstIndex(of: "objective"), first < end
    else { return nil }
    let range = first + 1..<end
    var sweep = Sweep(paths: Array(table.columns[range]))
    for (trial, row) in zip(trials, table.rows) {
      let name = "t" + String(repeating: "0", count: max(0, 4 - trial.utf8.count)) + trial
      sweep.texts[name] = row[range].map(CSV.unguarded)
    }
    return sweep
  }

  /// `paths` without those that lie below another one, sorted.
  private func outermost(_ paths: Set<String>) -> [String] {
    paths.filter { path in !paths.contains { path.hasPrefix($0 + ".") } }.sorted()
  }
}
