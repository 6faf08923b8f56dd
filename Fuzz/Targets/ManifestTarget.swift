import Basics
import Runs

/// What a list reads of a run: `run.json`, and after it, each behind a zero byte, `metrics.csv` and `events.csv`.
enum ManifestTarget {
  /// A run that is listed has sensible progress, and its manifest comes back from what is written of it.
  static func run(_ bytes: [UInt8]) throws {
    let run = RunDirectory("runs/a/v001")
    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
    let files = MemoryFileSystem(Dictionary(uniqueKeysWithValues: zip([run.manifest, run.metrics, run.events], parts)))
    guard let summary = try? RunSummary(run, files) else { return }
    try BrokenLaw.unless((0...1).contains(summary.progress), "progress is a part of the whole: \(summary.progress)")
    let again = try? Manifest(run, MemoryFileSystem([run.manifest: Array(summary.manifest.text.utf8)]))
    try BrokenLaw.unless(again == summary.manifest, "a manifest comes back")
  }
}
