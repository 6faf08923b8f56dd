import Basics
import Foundation

/// What a sweep of a few short trials needs.
extension Scratch {
  /// Writes the tiny experiment, and `tiny.sweep.yaml` with these lines in it.
  func writeTinySweep(_ lines: String, name: String = "tiny") throws {
    try writeTinyExperiment()
    try write("version: 1\nname: \(name)\nexperiment: tiny.yaml\n" + lines + "\n", to: name + ".sweep.yaml")
  }

  /// The columns of a sweep's `trials.csv` that say how trials ended.
  func trials(_ sweep: String = "runs/tiny/v001") throws -> [[String: String]] {
    let table = try CSVTable(Array(try text(sweep + "/trials.csv").utf8))
    return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0.map(CSV.unguarded))) }
  }

  /// How often `event` happened to the run in a folder.
  func count(_ event: String, in run: String) throws -> Int {
    try CSVTable(Array(try text(run + "/events.csv").utf8))[column: "event"]?.count { $0 == event } ?? 0
  }
}
