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

  /// Tables of which not all was kept.
  private(set) var skipped: [RunCatalog.Skipped] = []
  private var sweeps: [String: Sweep] = [:]

  /// Reads `trials.csv` of every sweep that one of `runs` belongs to, and keeps of it what these runs are given for maps in their specs, as
  /// far as `retained` has room. A table that cannot be used leaves the maps of its trials apart.
  init(_ runs: [ComparedRun], _ retained: RetainedText, _ files: any FileSystem) {
    var trials: [String: Set<String>] = [:]
    for run in runs { if let sweep = Self.sweep(of: run) { trials[sweep, default: []].insert(Path.name(of: run.directory.path)) } }
    guard !trials.isEmpty else { return }
    // Specs of one shape have the same paths.
    var shapes: Set<ObjectIdentifier> = []
    let settings = SettingPaths(runs.map(\.settings.shape).filter { shapes.insert(ObjectIdentifier($0)).inserted })
    for folder in trials.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let path = Path.join(folder, "trials.csv")
      do throws(RetainedText.Full) {
        sweeps[folder] = try Self.read(path, of: trials[folder] ?? [], settings, retained, try? files.confined(to: folder))
      } catch {
        skipped.append(RunCatalog.Skipped(path: path, reason: error.description))
      }
    }
  }

  /// `runs` with each map that a sweep among them changes as one setting.
  func folded(_ runs: [ComparedRun]) -> [ComparedRun] {
    let paths = OutermostPaths(Set(sweeps.values.flatMap(\.paths)))
    guard !paths.isEmpty else { return runs }
    let folder = SettingsFolder(paths)
    var settings = runs.map { folder.folded($0.settings) }
    let names = names(runs, settings, folder)
    for index in settings.indices {
      settings[index].rename(
        folder.maps(of: settings[index]).compactMap { path, map in names[path]?[map.value].map { map.with($0) } })
    }
    return zip(runs, settings).map { $0.with($1) }
  }

  /// What sweep files call the values of each path: none that stands for two values, one for each value.
  private func names(_ runs: [ComparedRun], _ settings: [SpecSettings], _ folder: SettingsFolder) -> [String: [String: String]] {
    var (names, values) = ([String: [String: String]](), [String: [String: Set<String>]]())
    let columns = sweeps.mapValues { sweep in
      Dictionary(sweep.paths.enumerated().map { ($0.element, $0.offset) }) { earlier, _ in earlier }
    }
    for (run, settings) in zip(runs, settings) {
      guard let sweep = Self.sweep(of: run), let texts = sweeps[sweep]?.texts[Path.name(of: run.directory.path)] else { continue }
      for (path, map) in folder.maps(of: settings) {
        guard let text = columns[sweep]?[path].map({ texts[$0] }) else { continue }
        if names[path]?[map.value] == nil { names[path, default: [:]][map.value] = text }
        values[path, default: [:]][text, default: []].insert(map.value)
      }
    }
    for (path, known) in names { names[path] = known.filter { values[path]?[$0.value]?.count == 1 } }
    return names
  }

  /// The folder of the sweep that a run belongs to; nil if it is not a trial of one.
  private static func sweep(of run: ComparedRun) -> String? {
    let trials = Path.parent(of: run.directory.path)
    guard run.manifest.sweep != nil, Path.name(of: trials) == "trials" else { return nil }
    return Path.parent(of: trials)
  }

  /// Reads the table at `path`: of its columns those that are maps among `settings`, of its rows those of `trials`.
  private static func read(
    _ path: String, of trials: Set<String>, _ settings: SettingPaths, _ retained: RetainedText, _ files: (any FileSystem)?
  ) throws(RetainedText.Full) -> Sweep? {
    guard let bytes = try? files?.contents(of: path, limit: largestTable) else { return nil }
    var (sweep, places, trial, full) = (Sweep(), [Int](), 0, RetainedText.Full?.none)
    func begin(_ columns: [String]) {
      guard let number = columns.firstIndex(of: "trial"), let first = columns.firstIndex(of: "repeat"),
        let end = columns.firstIndex(of: "objective"), first < end
      else { return }
      trial = number
      places = (first + 1..<end).filter { settings.hasSettings(below: columns[$0]) }
      sweep.paths = places.map { columns[$0] }
    }
    let table = try? CSVTable.read(bytes, limits: CSVTable.Limits(), begin: begin) { row in
      guard !places.isEmpty, full == nil else { return }
      let name = "t" + String(repeating: "0", count: max(0, 4 - row[trial].utf8.count)) + row[trial]
      guard trials.contains(name) else { return }
      let texts = places.map { CSV.unguarded(row[$0]) }
      do throws(RetainedText.Full) {
        try retained.add(sweep.texts[name] == nil ? texts : [])
      } catch {
        full = error
      }
      sweep.texts[name] = texts
    }
    if let full { throw full }
    return table == nil || places.isEmpty ? nil : sweep
  }
}
