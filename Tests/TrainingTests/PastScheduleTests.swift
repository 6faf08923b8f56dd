import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

/// Settings that change on the way: what was shown is counted, and the past stays as it was.
@Suite struct PastScheduleTests {
  private func edit(_ run: RunDirectory, _ runs: TinyRuns, _ old: String, _ new: String) throws {
    let text = try runs.text(run.spec)
    #expect(text.contains(old))
    try AtomicFile.write(text.replacing(old, with: new), to: run.spec, in: runs.files)
  }

  private func column(_ name: String, _ path: String, _ runs: TinyRuns) throws -> [String] {
    try #require(try CSVTable(runs.contents(path))[column: name])
  }

  @Test func `images are counted: another batch changes what comes, not what was`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    try edit(run, runs, "batch: 3", "batch: 2")
    #expect(try runs.resume(run, accept: true, stopAfter: 9) == .stopped)
    #expect(try runs.resume(run) == .finished)
    let images = (1...5).map { 3 * $0 } + (1...7).map { 15 + 2 * $0 }
    #expect(try column("images", run.metrics, runs) == images.map(String.init))
    #expect(try column("images", run.phases, runs) == ["9", "20"])
    #expect(try column("images", run.evaluations, runs) == ["9", "12", "21", "29"])
    #expect(try RunEvaluation(run, runs.files)(on: .init(count: 1))[.images] == 29)
    #expect(try RunEvaluation(run, checkpoint: 9, runs.files)(on: .init(count: 1))[.images] == 23)
    #expect(try Verification(run, from: 9, to: 12)(threads: 1).differences == [])
  }

  @Test func `a checkpoint of before images were counted goes on with those of the schedule that it followed`() throws {
    let runs = try TinyRuns()
    let whole = try runs.begin()
    for batch in ["3", "2"] {
      let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
      let store = CheckpointStore(run.checkpoints, keep: 9, in: runs.files)
      for iteration in try store.iterations() {
        let stored = try store.open(iteration)
        let tensors = try stored.file.names.map { NamedTensor($0, shape: try stored.file.shape($0), try stored.file.floats($0)) }
        var state = stored.file.metadata.filter { !["format", "iteration", "sha256"].contains($0.key) }
        var object = try #require(try JSONSerialization.jsonObject(with: Data(state["training"]!.utf8)) as? [String: Any])
        #expect(object.removeValue(forKey: "images") != nil)
        state["training"] = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
        try store.save(Checkpoint(iteration: iteration, tensors: tensors, state: state))
      }
      if batch != "3" { try edit(run, runs, "batch: 3", "batch: \(batch)") }
      #expect(try runs.resume(run, accept: batch != "3") == .finished)
      if batch == "3" { #expect(try runs.differences(whole, run) == []) }
      #expect(try column("images", run.metrics, runs).suffix(3) == (batch == "3" ? ["30", "33", "36"] : ["25", "27", "29"]))
      #expect(try column("images", run.phases, runs) == ["9", batch == "3" ? "27" : "20"])
    }
  }

  /// In the fade of the second phase; right behind the first phase.
  @Test(arguments: [5, 3])
  func `a phase that is over, or has begun, stays as it was`(stop: Int) throws {
    let runs = try TinyRuns()
    let run = try runs.begin { _, iteration in iteration == stop ? .interrupted("by the test") : nil }
    let spec = try runs.text(run.spec)
    var refused = [("hold: 3", "hold: 30", "phases.0.hold: 3 -> 30"), ("hold: 3", "hold: 2", "phases.0.hold: 3 -> 2")]
    if stop == 5 { refused.append(("fade: 5", "fade: 6", "phases.1.fade: 5 -> 6")) }
    for (old, new, words) in refused {
      try AtomicFile.write(spec.replacing(old, with: new), to: run.spec, in: runs.files)
      let before = try runs.everything(run)
      let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run, accept: true) }
      #expect(refusal.exitCode == .badData && refusal.rendered.contains("setting schedule.\(words), but phase"), "\(refusal)")
      #expect(try runs.everything(run) == before)
    }
    let ahead = stop == 3 ? [("fade: 5", "fade: 6"), ("hold: 4", "hold: 5")] : [("hold: 4", "hold: 5")]
    for (old, new) in ahead {
      let copy = try runs.copy(run, as: UUID().uuidString)
      try AtomicFile.write(spec.replacing(old, with: new), to: copy.spec, in: runs.files)
      #expect(try runs.resume(copy, accept: true) == .finished)
      #expect(try column("iteration", copy.metrics, runs).map { Int($0) } == Array(1...13))
    }
  }
}
