@testable import Datasets
import Basics
import Foundation
import Models
import Runs
import TestSupport
import Testing

@testable import Spec
@testable import Training

@Suite struct CheckpointObserverTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 0..<5 { try folder.writeImage("icons/\(number).png", width: 8, height: 8, seed: UInt64(number)) }
  }

  private func train(
    _ changes: [String] = [], in files: any FileSystem = LocalFileSystem(), sink: SilentSink = SilentSink(),
    until: @escaping (Int) -> StopReason? = { _ in nil }
  ) throws -> (run: RunDirectory, outcome: Trainer.Outcome) {
    var spec = try watchedSpec()
    spec.watch = []
    spec = try ExperimentSpec.read(
      text: spec.yaml, path: folder.path + "/spec.yaml",
      overrides: ["data.folder=\(folder.path)/icons"] + changes, language: .experiments)
    let request = TrainingRun.Request(runs: folder.path + "/runs", source: [], overrides: [], version: "test")
    return try TrainingRun(spec, threads: 1, in: files).begin(request, sink: sink, until: until)
  }

  private func checkpoints(_ run: String = "runs/watched/v001") throws -> [Int] {
    try CheckpointStore(folder.path + "/" + run + "/checkpoints", keep: 1, in: LocalFileSystem()).iterations()
  }

  private func events(_ run: String = "runs/watched/v001") throws -> [[String]] {
    let text = try String(contentsOfFile: folder.path + "/" + run + "/events.csv", encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").dropFirst().map(String.init) }
  }

  @Test func `the training goes on while a checkpoint waits for the disk`() throws {
    let gate = Gate()
    let files = GatedFileSystem { file throws(FileError) in
      guard file.path.hasSuffix("000000005.safetensors") else { return }
      if !gate.wait() { throw FileError(.synchronize, file.path, errno: EIO) }
    }
    // The disk is ready only after four more iterations.
    let outcome = try train(in: files) { iteration in
      if iteration == 9 { gate.open() }
      return nil
    }
    #expect(outcome.outcome == .finished)
    #expect(try checkpoints() == [20, 24])
    #expect(try events().filter { $0[1] == "checkpoint" }.map { $0[0] } == ["5", "10", "15", "20", "24"])
  }

  @Test(arguments: [5, 24]) func `a checkpoint that cannot be written ends the run, and the older ones stay`(iteration: Int) throws
  {
    let name = CheckpointStore.name(iteration)
    let files = GatedFileSystem { file throws(FileError) in
      if file.path.contains(name) { throw FileError(.synchronize, file.path, errno: ENOSPC) }
    }
    let error = try #require(throws: FileError.self) { try train(in: files) }
    #expect(error.errno == ENOSPC && error.path.contains(name))
    #expect(try checkpoints() == (iteration == 5 ? [] : [15, 20]))
    #expect(try events().last?[1] == "fail" && !events().contains { $0[1] == "finish" })
  }

  @Test(arguments: [(7, "stopped after"), (13, "phase 1 done"), (24, "finished after")])
  func `an end is reported only when its checkpoint is on the disk`(iteration: Int, report: String) throws {
    let name = CheckpointStore.name(iteration)
    let broken = GatedFileSystem { file throws(FileError) in
      if file.path.contains(name) { throw FileError(.synchronize, file.path, errno: EIO) }
    }
    func attempt(_ files: any FileSystem) throws -> [String] {
      let sink = SilentSink()
      defer { try? FileManager.default.removeItem(atPath: folder.path + "/runs") }
      do {
        _ = try train(["record.checkpoints.phases=true"], in: files, sink: sink) {
          $0 == 7 && iteration == 7 ? .interrupted("interrupted") : nil
        }
      } catch let error as FileError {
        #expect(error.path.contains(name))
        #expect(try events().last?[1] == "fail" && !events().contains { ["interrupt", "finish"].contains($0[1]) })
      }
      return sink.lines
    }
    #expect(try !attempt(broken).contains { $0.hasPrefix(report) })
    #expect(try attempt(LocalFileSystem()).contains { $0.hasPrefix(report) })
  }

  @Test func `a checkpoint under way is reported also when the training fails`() throws {
    for isWritten in [true, false] {
      let gate = Gate()
      let files = GatedFileSystem { file throws(FileError) in
        if file.path.contains("/samples/") {
          gate.open()
          throw FileError(.synchronize, file.path, errno: ENOSPC)
        }
        guard file.path.hasSuffix("000000005.safetensors") else { return }
        if !gate.wait() || !isWritten { throw FileError(.synchronize, file.path, errno: EIO) }
      }
      // The grid after the next iteration fails while the checkpoint is still being written.
      let sink = SilentSink()
      let error = try #require(throws: FileError.self) { try train(["record.samples.every=6"], in: files, sink: sink) }
      #expect(error.errno == ENOSPC && error.path.contains("/samples/"))
      let ends = try events().suffix(2).map { $0[1] }
      #expect(ends == (isWritten ? ["checkpoint", "fail"] : ["fail", "fail"]))
      #expect(sink.lines.contains { $0.hasPrefix("error: ") && $0.contains("000000005.safetensors") } == !isWritten)
      #expect(try checkpoints() == (isWritten ? [5] : []))
      try FileManager.default.removeItem(atPath: folder.path + "/runs")
    }
  }

  @Test func `a checkpoint holds the state of its iteration though the training has gone on`() throws {
    let gate = Gate()
    let files = GatedFileSystem { file throws(FileError) in
      if file.path.hasSuffix("000000020.safetensors"), !gate.wait() { throw FileError(.synchronize, file.path, errno: EIO) }
    }
    let (slow, _) = try train(in: files) { iteration in
      if iteration == 23 { gate.open() }
      return nil
    }
    let (stopped, _) = try train { $0 == 20 ? .requested("enough") : nil }
    let stored = try [slow, stopped].map { run in
      try CheckpointStore(run.checkpoints, keep: 1, in: LocalFileSystem()).open(20)
    }
    #expect(stored[0].file.names == stored[1].file.names)
    for name in stored[0].file.names { #expect(try stored[0].file.floats(name) == stored[1].file.floats(name), "\(name)") }
    // The lengths differ by that of timing.csv alone.
    for key in ["training", "feed", "metrics", "spec"] { #expect(stored[0][state: key] == stored[1][state: key], "\(key)") }
  }

  @Test func `phase ends and the best stay when asked`() throws {
    _ = try train(["record.checkpoints={every: 3, keep: 2, phases: true, best: {column: iteration, order: min}}"])
    #expect(try checkpoints() == [3, 13, 21, 24])
    // The phase's row is part of what its checkpoint holds.
    let store = CheckpointStore(folder.path + "/runs/watched/v001/checkpoints", keep: 1, in: LocalFileSystem())
    let lengths = try JSONDecoder().decode([String: Int].self, from: Data(store.open(13)[state: "lengths"]!.utf8))
    let phases = try String(contentsOfFile: folder.path + "/runs/watched/v001/phases.csv", encoding: .utf8)
    #expect(phases.prefix(lengths["phases"]!).split(separator: "\n").count == 2)
    #expect(CheckpointNotes(metadata: try store.open(13).file.metadata).metrics["iteration"] == "13")
  }

  @Test func `a checkpoint that a rule asked for stays beside the regular ones`() throws {
    _ = try train(["watch=[{when: iteration == 7, do: checkpoint}, {when: iteration == 13, do: checkpoint}]"])
    #expect(try checkpoints() == [7, 13, 20, 24])
  }

  @Test func `weights that are no numbers are never stored`() throws {
    let spec = try watchedSpec()
    let state = TrainingState(spec)
    let snapshot = CheckpointSnapshot()
    let place = FeedState(epoch: 0, cursor: 0, orderPosition: 0, augmentPosition: 0)
    func isFinite() throws -> Bool {
      snapshot.fill(from: try state.checkpoint(feed: place, lengths: [:], spec: ""))
      return snapshot.checkpoint.isFinite(state.variables)
    }
    #expect(try isFinite())
    for (name, value) in [("generator.head", Float.nan), ("average.", .infinity), ("discriminator.", -.infinity)] {
      let key = try #require(
        state.buffers.keys.sorted().first { $0.hasPrefix(name.prefix { $0 != "." }) && $0.hasSuffix("weight") })
      let buffer = state.buffers[key]!
      let before = buffer.base[buffer.count - 1]
      buffer.base[buffer.count - 1] = value
      #expect(try !isFinite(), "\(key)")
      buffer.base[buffer.count - 1] = before
    }
    #expect(try isFinite())
    state.buffers.first { $0.key.hasPrefix("moment2.") }!.value.base[0] = .infinity
    #expect(try isFinite(), "a moment that has overflown spoils no weight")
  }
}
