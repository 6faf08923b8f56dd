import Basics
import Comparison
import Foundation
import Runs

/// A fresh folder of runs, removed when the test lets go of it.
final class RunMaker {
  let path: String
  let files = LocalFileSystem()

  init() throws {
    path = NSTemporaryDirectory() + "fadein-comparison-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes `text` to the file `name`, making the folders above it.
  func write(_ text: String, to name: String) throws {
    try files.createDirectories(Path.parent(of: self(name)))
    try AtomicFile.write(text, to: self(name), in: files)
  }

  /// Makes a run in the folder `name`, with these rows of `metrics.csv` under `columns`.
  @discardableResult
  func run(
    _ name: String, seed: UInt64 = 0, spec: String = "optimizer: {adam: {rate: 0.001}}", columns: String = "iteration,images,loss",
    rows: [String] = ["10,160,1.5"], label: String? = nil, events: [RunEvent] = [.start, .finish], seconds: [Double] = [2.5],
    created: Int = 0, images: String? = nil
  ) throws -> RunDirectory {
    let run = RunDirectory(self(name))
    // A finished run has a row of its last iteration.
    let iterations = rows.last.flatMap { Int($0.prefix { $0 != "," }) } ?? 100
    var manifest = Manifest(
      id: name, name: Path.name(of: Path.parent(of: name)), version: 1, seed: seed, iterations: iterations,
      created: Timestamp(milliseconds: created), threads: 2, fadeinVersion: "0.1.0", specHash: "")
    (manifest.label, manifest.datasetHash) = (label, images)
    try write("", to: name + "/generator.safetensors")
    try manifest.write(to: run, files)
    try write("version: 1\nname: x\nseed: \(seed)\n\(spec)\n", to: name + "/spec.yaml")
    try write(([columns] + rows).map { $0 + "\n" }.joined(), to: name + "/metrics.csv")
    let timing = seconds.enumerated().map { "\(($0.offset + 1) * 10),\($0.element),1.0,1.0,1.0\n" }
    try write("iteration,seconds,iteration_ms,images_per_second,resident_mb\n" + timing.joined(), to: name + "/timing.csv")
    let log = try EventsCSV(run.events, keep: .wholeLines, in: files)
    for event in events { try log.append(EventRow(event, iteration: 1, time: Timestamp(milliseconds: 0))) }
    return run
  }

  /// The runs that `references` name, and what is left out.
  func read(_ references: String..., threads: Int = 2) throws -> (runs: [ComparedRun], skipped: [RunCatalog.Skipped]) {
    ComparedRun.read(try RunSelection(references, in: path, files), threads: threads, files)
  }
}
