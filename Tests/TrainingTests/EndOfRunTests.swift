import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

/// What is left when the end of a run is cut short, and when a run goes on behind its end.
@Suite struct EndOfRunTests {
  /// Three iterations whose last one replaces a checkpoint.
  private static let changes = [
    "schedule.phases=[{resolution: 4, hold: 3}]", "data.resolution=4", "schedule.batch=2", "optimizer.drops=[]",
    "generator.widths=[2]", "discriminator.widths=[2]", "record.samples={every: 2, count: 1}", "record.evaluate.every=0",
    "record.checkpoints={every: 1, keep: 2}",
  ]

  /// Every so many calls one is tried; with FADEIN_FAULTS=all in the environment each of them.
  private static func stride(_ usual: Int) -> Int { ProcessInfo.processInfo.environment["FADEIN_FAULTS"] == "all" ? 1 : usual }

  @Test(arguments: [DoomedFileSystem.Doom.death, .error])
  func `killed at any call from its last checkpoint on, a run keeps the checkpoints of an undisturbed one`(
    doom: DoomedFileSystem.Doom
  ) throws {
    let runs = try TinyRuns(Self.changes, images: 3)
    let whole = try runs.begin()
    let expected = try runs.files.list(whole.checkpoints)
    let stopped = try runs.begin { _, iteration in iteration == 2 ? .interrupted("by the test") : nil }
    let counting = DoomedFileSystem(doom, at: .max)
    try runs.resume(try runs.copy(stopped, as: "counting"), in: counting)
    // From before the last checkpoint is written to the end of the process.
    #expect(counting.calls > 80)
    let first = counting.calls - 60 + (doom == .death ? 0 : 2)
    for call in Swift.stride(from: first, through: counting.calls, by: Self.stride(4)) {
      let run = try runs.copy(stopped, as: "\(call)")
      _ = try? runs.resume(run, in: DoomedFileSystem(doom, at: call))
      _ = try runs.resume(run)
      #expect(try runs.files.list(run.checkpoints) == expected, "\(doom) at call \(call)")
      #expect(try RunStatus(recordedIn: run, runs.files) == .finished, "\(doom) at call \(call)")
      try FileManager.default.removeItem(atPath: run.path)
    }
  }

  /// Cadences that the old end falls on, and that it does not.
  static let cadences: [[String]] = [
    ["record.metrics=5", "record.samples={every: 5, count: 2}", "record.evaluate={every: 5, images: 6}"],
    [
      "record.metrics=6", "record.samples={every: 6, count: 2}", "record.evaluate={every: 6, images: 6}",
      "record.checkpoints.every=4",
    ],
    ["record.checkpoints={every: 5, keep: 3, phases: true}", "optimizer.reset=phase", "data.augment.contrast.factor=[1.0, 2.0]"],
  ]

  @Test(arguments: cadences)
  func `a finished run that is trained on has the bytes of one that was longer from the start`(cadence: [String]) throws {
    let runs = try TinyRuns(["record.checkpoints.every=5"] + cadence)
    let long = try runs.begin(changing: ["schedule.phases.1.hold=11"])
    let run = try runs.begin()
    #expect(try runs.resume(run, until: 19) == .finished)
    #expect(try runs.differences(long, run) == [])
    #expect(try runs.files.list(run.checkpoints) == runs.files.list(long.checkpoints))
    #expect(try runs.files.list(run.samples) == runs.files.list(long.samples))
    #expect(try runs.text(run.spec) == runs.text(long.spec))
    let events = try CSVTable(runs.contents(run.events))
    #expect(events.rows.contains { $0[1] == "12" && $0[2] == "accept" && $0[3] == "setting schedule.phases.1.hold: 4 -> 11" })
    let manifest = try Manifest(run, runs.files)
    #expect(
      try manifest.iterations == 19 && manifest.finished != nil && manifest.specHash == Digest.sha256(runs.contents(run.spec)))
    #expect(try runs.resume(run) == nil)
    #expect(try runs.resume(run, until: 19) == nil)
    // A row that both have, of a phase that ended twice, is there once.
    #expect(try CSVTable(runs.contents(run.phases)).rows.map { $0[0] } == ["1", "2"])
    #expect(try Verification(run, to: 19)(threads: 1).differences == [])
  }

  @Test func `training on may stop, be killed anywhere and be resumed`() throws {
    let runs = try TinyRuns(Self.changes + ["record.metrics=2"], images: 3)
    let long = try runs.begin(changing: ["schedule.phases.0.hold=5"])
    let finished = try runs.begin()
    for doom in [DoomedFileSystem.Doom.death, .error] {
      var call = doom == .death ? 1 : 5
      while true {
        let run = try runs.copy(finished, as: "\(doom)-\(call)")
        defer { try? FileManager.default.removeItem(atPath: run.path) }
        let files = DoomedFileSystem(doom, at: call)
        _ = try? runs.resume(run, until: 5, in: files)
        guard files.hasStruck else { break }
        // Whoever asks for the same again gets it; and once it is under way, plain resuming is enough.
        if try RunStatus(recordedIn: run, runs.files) != .finished, call % 2 == 0 {
          #expect(throws: Never.self, "\(doom) at call \(call)") { try resumePlainly(run, runs) }
        }
        let outcome = try runs.resume(run, until: 5)
        #expect(outcome == .finished || outcome == nil, "\(doom) at call \(call)")
        #expect(try runs.differences(long, run) == [], "\(doom) at call \(call)")
        #expect(try runs.files.list(run.checkpoints) == runs.files.list(long.checkpoints), "\(doom) at call \(call)")
        #expect(try Manifest(run, runs.files).iterations == 5)
        call += Self.stride(37)
      }
      #expect(call > 100)
    }
  }

  /// Resumes; a refusal must say that the spec has changed, which it has.
  private func resumePlainly(_ run: RunDirectory, _ runs: TinyRuns) throws {
    do {
      try runs.resume(run)
    } catch let refusal as Diagnostics where refusal.rendered.contains("its spec has changed") && refusal.exitCode == .badData {}
  }

  @Test func `a longer last phase in the spec of a finished run is refused, and followed when accepted`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin()
    let long = try runs.begin(changing: ["schedule.phases.1.hold=9"])
    try AtomicFile.write(try runs.text(run.spec).replacing("hold: 4", with: "hold: 9"), to: run.spec, in: runs.files)
    let before = try runs.everything(run)
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run) }
    #expect(refusal.exitCode == .badData && refusal.rendered.contains("schedule.phases.1.hold: 4 -> 9"))
    #expect(try runs.everything(run) == before)
    #expect(try runs.resume(run, accept: true) == .finished)
    #expect(try runs.differences(long, run) == [])
  }

  @Test func `a finished run follows no other change, and a comment is none`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin()
    let spec = try runs.text(run.spec)
    try AtomicFile.write(spec.replacing("seed: 7", with: "seed: 7  # lucky"), to: run.spec, in: runs.files)
    #expect(try runs.resume(run) == nil)
    for (old, new) in [("beta2: 0.99", "beta2: 0.9"), ("hold: 4", "hold: 3"), ("fade: 5", "fade: 6")] {
      try AtomicFile.write(spec.replacing(old, with: new), to: run.spec, in: runs.files)
      for accept in [false, true] {
        let before = try runs.everything(run)
        let refusal = #expect(throws: Diagnostics.self, "\(new)") { try runs.resume(run, accept: accept) }
        #expect(refusal?.exitCode == .badData, "\(new)")
        #expect(try runs.everything(run) == before)
      }
    }
  }

  @Test func `a run cannot end before where it stands, nor in its last fade`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    let before = try runs.everything(run)
    for until in [4, 5, 7, 1_000_000_001, .max] {
      let refusal = #expect(throws: Diagnostics.self) { try runs.resume(run, until: until) }
      #expect(refusal?.exitCode == .usage, "\(until)")
    }
    #expect(try runs.everything(run) == before)
    // It may end earlier than its spec says, too.
    #expect(try runs.resume(run, until: 9) == .finished)
    #expect(try runs.differences(run, runs.begin(changing: ["schedule.phases.1.hold=1"])) == [])
  }
}
