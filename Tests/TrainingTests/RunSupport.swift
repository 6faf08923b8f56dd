import Basics
import Foundation
import Images
import Models
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Training

/// Whole runs of a tiny experiment in a folder of their own, removed with the value's last use.
final class TinyRuns {
  let path: String
  let files = LocalFileSystem()
  let spec: ExperimentSpec

  /// A spec whose schedule has a hold, a fade, a rate drop and nothing that lasts; `changes` are overrides.
  init(_ changes: [String] = [], images: Int = 5) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "fadein-runs-\(UUID().uuidString)").path
    let text = """
      version: 2
      name: tiny
      seed: 7
      data: {folder: icons, resolution: 8}
      generator: {latent: 5, widths: [8, 6]}
      discriminator: {top: 7, widths: [8, 6]}
      schedule:
        batch: 3
        phases:
          - {resolution: 4, hold: 3}
          - {resolution: 8, fade: 5, hold: 4}
      optimizer:
        adam: {rate: 1e-3, beta1: 0.5}
        drops: [{resolution: 8, after: 3, rate: 1e-4}]
      loss:
        generator: {wasserstein: {}}
        discriminator: {wasserstein: {}, drift: {}}
      record:
        metrics: 1
        samples: {every: 4, count: 2}
        checkpoints: {every: 3, keep: 2}
        evaluate: {every: 4, images: 6}
      """
    spec = try ExperimentSpec.read(text: text, path: path + "/tiny.yaml", overrides: changes, language: .experiments)
    try files.createDirectories(path + "/icons")
    for number in 0..<images { try writeImage("\(number)", seed: UInt64(number)) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Puts a random picture of 8x8 into the folder of images.
  func writeImage(_ name: String, seed: UInt64) throws {
    try AtomicFile.write(
      PNG.encode(RGBImage(width: 8, height: 8, pixels: randomSamples(8 * 8 * 3, seed: seed))), to: path + "/icons/\(name).png",
      in: files)
  }

  /// The spec with other `changes` on top.
  func spec(changing changes: [String]) throws -> ExperimentSpec {
    try ExperimentSpec.read(
      text: spec.yaml, path: path + "/tiny.yaml", overrides: changes,
      language: .experiments)
  }

  /// Begins a new version.
  @discardableResult
  func begin(
    changing changes: [String] = [], threads: Int = 1, from origin: Origin? = nil,
    until: @escaping (RunDirectory, Int) -> StopReason? = { _, _ in nil }
  ) throws -> RunDirectory {
    var request = TrainingRun.Request(runs: path + "/runs", source: [], overrides: [], version: "1")
    request.origin = origin
    let next = (try? files.list(path + "/runs/tiny"))?.compactMap { RunVersion(folder: $0)?.number }.max() ?? 0
    let directory = RunDirectory(path + "/runs/tiny/\(RunVersion(next + 1))")
    let spec = changes.isEmpty ? spec : try spec(changing: changes)
    return try TrainingRun(spec, threads: threads).begin(request, sink: SilentSink()) { until(directory, $0) }.run
  }

  /// Goes on with `run`.
  @discardableResult
  func resume(
    _ run: RunDirectory, threads: Int = 1, accept: Bool = false, stopAfter: Int? = nil, until: Int? = nil,
    sink: SilentSink = SilentSink(), in files: any FileSystem = LocalFileSystem()
  ) throws -> Trainer.Outcome? {
    var options = TrainingRun.ResumeOptions(threads: threads, accept: accept, stopAfter: stopAfter, version: "1")
    options.until = until
    return try TrainingRun.resume(run, options, sink: sink, in: files) { iteration in
      stopAfter.map { iteration >= $0 } == true ? .interrupted("by the test") : nil
    }
  }

  /// The status of `run`, which nobody trains. Another test's child process has its lock too between its fork and its exec.
  func status(_ run: RunDirectory) throws -> RunStatus {
    for _ in 0..<200 {
      let status = try RunStatus(of: run, files)
      if status != .running { return status }
      usleep(10_000)
    }
    return .running
  }

  /// A copy of `run` as it is on the disk at this moment: what a killed process would leave.
  func copy(_ run: RunDirectory, as name: String) throws -> RunDirectory {
    let target = path + "/copies/" + name
    try files.createDirectories(path + "/copies")
    // A checkpoint that is being written beside the training takes its final name meanwhile, once.
    do {
      try FileManager.default.copyItem(atPath: run.path, toPath: target)
    } catch {
      try FileManager.default.removeItem(atPath: target)
      return try copy(run, as: name)
    }
    return RunDirectory(target)
  }

  /// Everything of `run` that must not depend on how often it was interrupted, by the file's name.
  func outcome(_ run: RunDirectory) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    let evaluations = try files.status(of: run.evaluations) == nil ? [] : [run.evaluations]
    for path in [run.metrics, run.generator, run.dataset, run.spec] + evaluations
      + (try files.list(run.samples).map { run.samples + "/" + $0 })
    {
      result[Path.name(of: path)] = try contents(path)
    }
    // Without the times, which are no part of it.
    let phases = try CSVTable(try contents(run.phases)).rows.map { $0.dropLast().joined(separator: ",") }
    result["phases"] = Array(phases.joined(separator: "\n").utf8)
    let last = try #require(
      try CheckpointStore(run.checkpoints, keep: 1, in: files).newest { _ in })
    for name in last.file.names { result["last checkpoint: \(name)"] = try last.file.floats(name).withUnsafeBytes { Array($0) } }
    for key in ["training", "feed"] { result["last checkpoint: \(key)"] = Array((last[state: key] ?? "").utf8) }
    return result
  }

  /// The names of what `run` and `other` differ in.
  func differences(_ run: RunDirectory, _ other: RunDirectory) throws -> [String] {
    let (left, right) = (try outcome(run), try outcome(other))
    return Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }.sorted()
  }

  func contents(_ path: String) throws -> [UInt8] { try files.contents(of: path, limit: 1 << 26) }

  /// The text of a file.
  func text(_ path: String) throws -> String { String(decoding: try contents(path), as: UTF8.self) }

  /// Every file below `run` with its bytes, but for the lock's note.
  func everything(_ run: RunDirectory) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: run.path) where name != ".lock" {
      result[name] = (try? contents(run.path + "/" + name)) ?? []
    }
    return result
  }
}

/// Keeps what a training says.
final class SilentSink: ProgressSink {
  private(set) var lines: [String] = []
  let isLive = false
  func line(_ text: String) { lines.append(text) }
  func transient(_ text: String) {}
}
