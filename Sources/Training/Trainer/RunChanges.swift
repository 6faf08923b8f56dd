import Basics
import Datasets
import Models
import Runs
import Spec

/// Changes to a run's spec and images since the run recorded them.
package struct RunChanges: Equatable, Sendable {
  /// `optimizer.adam.rate: 0.0005 -> 0.001`, by dotted path.
  private(set) var settings: [String] = []
  /// `0003.png is missing`, by path.
  private(set) var images: [String] = []

  /// Compares `run` with what `checkpoint` and its own records say, and `dataset`, just loaded, with `dataset.csv`.
  init(_ run: RecordedRun, _ checkpoint: StoredCheckpoint?, _ dataset: Dataset) {
    self.init(run, followed: run.followedSpec(checkpoint), dataset)
  }

  /// Compares `run` with the spec that it `followed` so far, and `dataset`, just loaded, with `dataset.csv`.
  init(_ run: RecordedRun, followed: ExperimentSpec?, _ dataset: Dataset) {
    settings = Self.settings(run, followed: followed)
    let rows = dataset.files.map(DatasetRow.init)
    if Digest.sha256(DatasetCSV.text(rows)) != run.manifest.datasetHash {
      images = run.lockedSet.differences(from: rows)
    }
  }

  /// Compares `dataset`, just loaded, with the images of the run whose spec is to be repeated.
  init(_ locked: LockedSet, _ dataset: Dataset) { images = locked.differences(from: dataset.files.map(DatasetRow.init)) }

  /// Whether the training would go on as it was.
  package var isEmpty: Bool { settings.isEmpty && images.isEmpty }

  /// Every change in words.
  package var lines: [String] { settings.map { "setting \($0)" } + images.map { "image \($0)" } }

  /// Changes that a line of `events.csv` lists; the rest is counted.
  private static let listed = 20

  /// The changes on one line.
  var summary: String {
    let rest = lines.count - Self.listed
    return lines.prefix(Self.listed).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }

  /// The refusal to `what` a run that has changed: the changes, and what helps.
  func refusal(_ what: String, _ run: RunDirectory, note: String) -> Diagnostics {
    let changed =
      settings.isEmpty
      ? "its images have changed" : images.isEmpty ? "its spec has changed" : "its spec and its images have changed"
    let head = Diagnostic("cannot \(what) '\(run.path)': \(changed)", note: note)
    return Diagnostics([head] + lines.map { Diagnostic($0) }, exitCode: .badData)
  }

  /// How the spec of `run` differs from the one that it `followed` so far, a line each.
  static func settings(_ run: RecordedRun, followed: ExperimentSpec?) -> [String] {
    run.specHash == run.manifest.specHash ? [] : settings(followed, run.spec)
  }

  private static func settings(_ old: ExperimentSpec?, _ new: ExperimentSpec) -> [String] {
    guard let old else { return ["spec.yaml is not the one that the run wrote, and what it said is not known"] }
    let (before, after) = (old.settings, new.settings)
    let (values, newValues) = (
      Dictionary(before.map { ($0.path, $0.value) }) { first, _ in first },
      Dictionary(after.map { ($0.path, $0.value) }) { first, _ in first }
    )
    let removed = before.filter { newValues[$0.path] == nil }.map { "\($0.path): \($0.value) -> removed" }
    let changed = after.compactMap { setting -> String? in
      guard let value = values[setting.path] else { return "\(setting.path): not there -> \(setting.value)" }
      return ByteText(value) == ByteText(setting.value) ? nil : "\(setting.path): \(value) -> \(setting.value)"
    }
    return changed + removed
  }
}
