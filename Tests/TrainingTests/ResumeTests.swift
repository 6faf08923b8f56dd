import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

@Suite struct ResumeTests {
  /// What a training may be doing when it is interrupted.
  static let situations: [[String]] = [
    ["loss.discriminator.gradient_penalty.weight=10"],
    ["data.augment.contrast.factor=[1.0, 2.0]", "optimizer.reset=phase"],
    ["schedule.order=discriminator_first", "schedule.phases.1.batch=2", "record.metrics=2"],
  ]

  /// Before the first checkpoint, after one at a phase's end, after one before a rate drop in a fade, after one in a hold.
  static let kills = [2, 4, 7, 10]

  @Test(arguments: situations)
  func `a run that is killed ends like one that was not`(changes: [String]) throws {
    let runs = try TinyRuns(changes)
    var copies: [Int: RunDirectory] = [:]
    let whole = try runs.begin { run, iteration in
      if Self.kills.contains(iteration) { copies[iteration] = try! runs.copy(run, as: "\(iteration)") }
      return nil
    }
    #expect(copies.count == Self.kills.count)
    for (iteration, copy) in copies {
      #expect(try runs.status(copy) == .interrupted)
      #expect(try runs.resume(copy, threads: 1 + iteration / 2 % 2) == .finished)
      #expect(try runs.differences(whole, copy) == [], "killed after iteration \(iteration)")
      #expect(try runs.status(copy) == .finished)
    }
  }

  @Test func `a run that stops after every single iteration ends like one that does not stop`() throws {
    let runs = try TinyRuns(["data.augment.contrast.factor=[1.0, 2.0]", "optimizer.reset=phase"])
    let whole = try runs.begin(threads: 2)
    let run = try runs.begin { _, _ in .interrupted("by the test") }
    for iteration in 2...11 { #expect(try runs.resume(run, stopAfter: iteration) == .stopped) }
    #expect(try runs.status(run) == .interrupted)
    #expect(try runs.resume(run) == .finished)
    #expect(try runs.differences(whole, run) == [])
    let events = try CSVTable(runs.contents(run.events))
    #expect(events[column: "event"]?.filter { $0 == "resume" }.count == 11)
    #expect(
      events.rows.contains { $0[1] == "5" && $0[2] == "resume" && $0[3] == "from checkpoints/000000005.safetensors, 1 threads" })
    #expect(events.rows.contains { $0[2] == "interrupt" } && events.rows.last?[2] == "finish")
  }

  @Test func `a run that is killed while it resumes can be resumed`() throws {
    let runs = try TinyRuns()
    let whole = try runs.begin()
    let run = try runs.begin { _, iteration in iteration == 4 ? .requested("enough") : nil }
    #expect(try runs.status(run) == .stopped)
    var copies: [RunDirectory] = []
    let options = TrainingRun.ResumeOptions(threads: 1, version: "1")
    _ = try TrainingRun.resume(run, options, sink: SilentSink()) { iteration in
      copies.append(try! runs.copy(run, as: "\(iteration)"))
      return nil
    }
    for copy in copies.prefix(2) {
      #expect(try runs.resume(copy) == .finished)
      #expect(try runs.differences(whole, copy) == [])
    }
  }

  @Test func `a damaged checkpoint is said in a line, and the one before it is used`() throws {
    let runs = try TinyRuns()
    let whole = try runs.begin()
    let run = try runs.begin { _, iteration in iteration == 8 ? .interrupted("by the test") : nil }
    try damage(run.checkpoint(8), runs)
    let sink = SilentSink()
    #expect(try runs.resume(run, sink: sink) == .finished)
    #expect(sink.lines.first?.hasPrefix("passed over a damaged checkpoint, going back to that of iteration 6: ") == true)
    #expect(sink.lines.dropFirst().first?.contains("after iteration 6 of 12, from checkpoints/000000006.safetensors") == true)
    #expect(try runs.differences(whole, run) == [])
  }

  @Test func `a checkpoint that was damaged is written anew when its iteration comes again`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == 9 ? .interrupted("by the test") : nil }
    try damage(run.checkpoint(9), runs)
    #expect(try runs.resume(run, stopAfter: 9) == .stopped)
    #expect(try CheckpointStore(run.checkpoints, keep: 2, in: runs.files).newest { _ in Issue.record("damaged") }?.iteration == 9)
  }

  @Test func `a run all of whose checkpoints are damaged is not begun again unasked`() throws {
    let runs = try TinyRuns()
    let whole = try runs.begin()
    let run = try runs.begin { _, iteration in iteration == 7 ? .interrupted("by the test") : nil }
    for iteration in [3, 6, 7] { try damage(run.checkpoint(iteration), runs) }
    let before = try runs.everything(run)
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run) }
    #expect(refusal.exitCode == .badData && refusal.rendered.contains("--accept begins again from iteration 0"))
    #expect(try runs.everything(run) == before)
    #expect(try runs.resume(run, accept: true) == .finished)
    #expect(try runs.differences(whole, run) == [])
  }

  @Test func `a finished run stays as it is`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin()
    try AtomicFile.write("x", to: run.path + "/metrics.csv.note", in: runs.files)
    let before = try runs.everything(run)
    #expect(try runs.resume(run) == nil)
    #expect(try runs.everything(run) == before)
  }

  @Test func `what a killed process left half written is swept away`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    let rest = run.checkpoints + "/" + AtomicFile.mark + "123-4-000000006.safetensors"
    try AtomicFile.write("x", to: rest, in: runs.files)
    try runs.resume(run)
    #expect(try runs.files.status(of: rest) == nil)
  }

  @Test func `a run is not resumed to stop where it stands already`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run, stopAfter: 5) }
    #expect(refusal.exitCode == .usage)
  }

  @Test(arguments: ["metrics", "timing", "phases"])
  func `a run of whose rows some are missing is refused untouched`(name: String) throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    let path = run.path + "/\(name).csv"
    try AtomicFile.write(Array(runs.contents(path).dropLast(9)), to: path, in: runs.files)
    let before = try runs.everything(run)
    let refusal = try #require(throws: UnusableFile.self) { try runs.resume(run) }
    #expect(refusal.path == path && refusal.exitCode == .badData)
    #expect(try runs.everything(run) == before)
  }

  @Test func `a directory that was never begun is not resumed`() throws {
    let runs = try TinyRuns()
    let run = try RunDirectory.take(runs.path + "/v001", runs.files)
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run) }
    #expect(refusal.exitCode == .inputNotFound && refusal.rendered.contains("begin anew"))
    #expect(try runs.files.status(of: run.lock) == nil)
  }

  private func damage(_ path: String, _ runs: TinyRuns) throws {
    var bytes = try runs.contents(path)
    bytes[bytes.count - 9] ^= 1
    try AtomicFile.write(bytes, to: path, in: runs.files)
  }
}
