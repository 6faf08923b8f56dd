import Basics
import Comparison
import Foundation
import Images
import Runs
import Spec

@testable import Reports

/// A fresh folder of runs as trainings leave them, removed when the test lets go of it.
final class Study {
  let path: String
  let files = LocalFileSystem()

  init() throws {
    path = NSTemporaryDirectory() + "fadein-report-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a finished run of two phases, 4x4 and 8x8, with ten rows and two samples.
  @discardableResult
  func run(
    _ name: String, seed: UInt64 = 0, rate: String = "0.001", extra: String = "", loss: Double = 1, label: String? = nil,
    column: String = "loss.generator", dataset: String = "d", hasSamples: Bool = true
  ) throws -> RunDirectory {
    let run = RunDirectory(path + "/" + name)
    try files.createDirectories(run.samples)
    var manifest = Manifest(
      id: name, name: Path.name(of: Path.parent(of: name)), version: 1, seed: seed, iterations: 100,
      created: Timestamp(milliseconds: 0), threads: 2, fadeinVersion: "0.1.0", specHash: "")
    (manifest.label, manifest.datasetHash, manifest.cpu) = (label, dataset, "a processor")
    try manifest.write(to: run, files)
    let spec = "version: 1\nname: x\nseed: \(seed)\noptimizer: {adam: {rate: \(rate)}}\ndata: {resolution: 8}\n"
    try write(spec + "record: {samples: {count: 4}}\n" + extra, to: run.spec)
    try write("", to: run.generator)
    let log = try EventsCSV(run.events, keep: .wholeLines, in: files)
    try log.append(EventRow(.finish, iteration: 100, time: Timestamp(milliseconds: 0)))
    let rows = (1...10).map { row in
      "\(row * 10),\(row * 160),\(row > 4 ? 2 : 1),\(row > 4 ? 8 : 4),1.0,\(loss * Double(row)),\(-Double(row))\n"
    }
    try write(
      CSV.header(["iteration", "images", "phase", "resolution", "alpha", column, "loss.discriminator"]) + rows.joined(),
      to: run.metrics)
    guard hasSamples else { return run }
    for (iteration, side) in [(40, 4), (100, 8)] {
      let images = (0..<4).map { RGBImage(width: side, height: side, gray: UInt8(40 * $0 + side)) }
      try AtomicFile.write(
        PNG.encode(ImageGrid(columns: 4, side: 8).compose(fixed: images, fresh: images)), to: run.sample(iteration), in: files)
    }
    return run
  }

  private static let measures = [
    MeasureColumn("swd_mean", shown: .everywhere), MeasureColumn("ms_ssim", shown: .everywhere),
    MeasureColumn("nearest", shown: .progress), MeasureColumn("copies", shown: .reports),
  ]

  func write(_ text: String, to path: String) throws { try AtomicFile.write(text, to: path, in: files) }

  /// The page about the runs that `references` name, or about all.
  func page(_ references: String..., title: String? = nil, objective: Objective? = nil, threads: Int = 1) throws -> String {
    let (runs, skipped) = ComparedRun.read(try RunSelection(references, in: path, files), threads: threads, files)
    return try Report(
      title: title, runs: runs, skipped: skipped, objective: objective, measures: Self.measures, version: "0.1.0",
      threads: threads, files
    ).page().html
  }
}
