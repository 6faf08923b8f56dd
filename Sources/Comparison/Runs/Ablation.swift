import Basics
import Runs
import Spec

/// The runs of a sweep that tries named changes, called by these names instead of by the settings that they change.
package struct Ablation: Sendable {
  /// The runs, each with the name of its change as its one setting beside the seed.
  package let runs: [ComparedRun]
  /// The first run without a change.
  package let baseline: ComparedRun?

  /// Bytes of the largest `sweep.yaml` and `trials.csv` that are read.
  private static let (largestFile, largestTable) = (1 << 20, 32 << 20)

  /// Nil unless all of `runs` are trials of one such sweep, which says how each is called.
  package init?(_ runs: [ComparedRun], _ files: any FileSystem) {
    guard let first = runs.first else { return nil }
    let folder = Path.parent(of: Path.parent(of: first.directory.path))
    guard runs.allSatisfy({ $0.manifest.sweep != nil && Path.parent(of: Path.parent(of: $0.directory.path)) == folder }),
      let files = try? files.confined(to: folder),
      let bytes = try? files.contents(of: Path.join(folder, "sweep.yaml"), limit: Self.largestFile),
      let sweep = try? SpecSettings(bytes, file: "sweep.yaml"), sweep["ablate.0.name"] != nil,
      let table = try? files.contents(of: Path.join(folder, "trials.csv"), limit: Self.largestTable),
      let names = Self.names(table)
    else { return nil }
    var named: [ComparedRun] = []
    for run in runs {
      guard let name = names[Path.name(of: run.directory.path)] else { return nil }
      let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      let text = "\(SweepSpec.changePath): \"\(escaped)\"\nseed: \(run.manifest.seed)\n"
      guard let settings = try? SpecSettings(Array(text.utf8), file: "trials.csv") else { return nil }
      named.append(run.with(settings))
    }
    self.runs = named
    baseline = zip(runs, named).first { names[Path.name(of: $0.0.directory.path)] == SweepSpec.baseline }?.1
  }

  /// The names of changes in a table of trials, by the names of the trials' folders; nil when it has none.
  private static func names(_ bytes: [UInt8]) -> [String: String]? {
    guard let table = try? CSVTable(bytes), let trial = table.columns.firstIndex(of: "trial"),
      let change = table.columns.firstIndex(of: SweepSpec.changePath)
    else { return nil }
    var names: [String: String] = [:]
    for row in table.rows {
      names["t" + String(repeating: "0", count: max(0, 4 - row[trial].utf8.count)) + row[trial]] = CSV.unguarded(row[change])
    }
    return names
  }
}
