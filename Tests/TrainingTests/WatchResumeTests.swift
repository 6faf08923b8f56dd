import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

/// Whole runs whose rules count, lower, ask for checkpoints and roll back, interrupted anywhere.
@Suite struct WatchResumeTests {
  /// The rate rises to 4e-4 after iteration 5; rolled back twice, to iteration 4, it is 1e-4. Rules count across checkpoints.
  private static let changes = [
    "schedule.phases.0.hold=9", "optimizer.adam.rate=1e-4", "optimizer.drops=[{resolution: 4, after: 5, rate: 4e-4}]",
    "record.checkpoints={every: 4, keep: 2, phases: true, best: {column: loss.generator, order: min}}",
    """
    watch=[{when: rate.generator > 1.5e-4 for 5, do: roll back}, {when: alpha > 0.3 for 3, do: lower rate, factor: 0.9},\
     {when: iteration == 7, do: checkpoint}, {when: score.real != 1e9 for 6, do: checkpoint}]
    """,
  ]
  private static let end = 18

  private struct Kept: Equatable {
    let checkpoints: [Int]
    let watch: Set<[String]>
  }

  /// The iterations of the checkpoints that are left, and what rules did.
  private func kept(_ run: RunDirectory, _ runs: TinyRuns) throws -> Kept {
    let store = CheckpointStore(run.checkpoints, keep: 1, in: runs.files)
    return Kept(checkpoints: try store.iterations(), watch: Set(try watchRows(run, runs)))
  }

  /// Iteration and detail of the rules' events, in order; with `resumed` only those after the last `resume`.
  private func watchRows(_ run: RunDirectory, _ runs: TinyRuns, resumed: Bool = false) throws -> [[String]] {
    var rows = try CSVTable(runs.contents(run.events)).rows.map { Array($0) }
    if resumed { rows = Array(rows.suffix(from: try #require(rows.lastIndex { $0[2] == "resume" }))) }
    return rows.filter { $0[2] == "watch" }.map { [$0[1], $0[3]] }
  }

  @Test func `a run with rules that is killed anywhere ends like one that was not`() throws {
    let runs = try TinyRuns(Self.changes)
    var copies: [RunDirectory] = []
    let whole = try runs.begin { run, iteration in
      copies.append(try! runs.copy(run, as: "\(copies.count)"))
      return nil
    }
    let expected = try kept(whole, runs)
    let rows = try watchRows(whole, runs)
    #expect(rows.filter { $0[1].contains("roll back ") }.count == 2 && rows.filter { $0[1].hasPrefix("back at ") }.count == 2)
    #expect(
      rows.contains { $0[1].contains("lower rate to ") } && rows.contains { $0[1].hasSuffix(": checkpoint (iteration is 7)") })
    // Two roll backs repeat what they undo.
    #expect(copies.count > Self.end)
    for (number, copy) in copies.enumerated() where number % 2 == 1 {
      #expect(try runs.status(copy) == .interrupted)
      #expect(try runs.resume(copy, threads: 1 + number % 2) == .finished)
      #expect(try runs.differences(whole, copy) == [], "killed at \(number)")
      #expect(try kept(copy, runs) == expected, "killed at \(number)")
      let replayed = try watchRows(copy, runs, resumed: true)
      #expect(replayed == Array(rows.suffix(replayed.count)), "killed at \(number)")
    }
  }

  @Test func `a run with rules that is stopped after every iteration ends like one that was not`() throws {
    let runs = try TinyRuns(Self.changes)
    let whole = try runs.begin()
    let run = try runs.begin { _, _ in .interrupted("by the test") }
    var (count, outcome): (Int, Trainer.Outcome?) = (0, .stopped)
    while outcome == .stopped {
      count += 1
      let options = TrainingRun.ResumeOptions(threads: 1, version: "1")
      outcome = try TrainingRun.resume(run, options, sink: SilentSink()) { _ in .interrupted("by the test") }
    }
    #expect(outcome == .finished && count > Self.end)
    #expect(try runs.differences(whole, run) == [])
    // Nothing is replayed here, so each event is there exactly once.
    #expect(try watchRows(run, runs) == watchRows(whole, runs))
    #expect(try kept(run, runs) == kept(whole, runs))
  }

  @Test func `what is said of a run with rules is where it went and at which rate`() throws {
    let runs = try TinyRuns(Self.changes)
    let run = try runs.begin { _, iteration in iteration == 15 ? .interrupted("by the test") : nil }
    let lines = try runs.text(run.log).split(separator: "\n")
    #expect(lines.filter { $0 == "watch: back after iteration 4" }.count == 2)
    #expect(
      lines.filter { $0.contains("learning rate drops to ") } == [
        "iteration 6: learning rate drops to 0.00036 (0.9 of the schedule's 0.0004)",
        "iteration 6: learning rate drops to 0.00018 (0.45 of the schedule's 0.0004)",
        "iteration 6: learning rate drops to 9e-05 (0.225 of the schedule's 0.0004)",
      ])
    #expect(lines.dropLast().last == "stopped after iteration 15: by the test")
    #expect(lines.last?.hasPrefix("to go on: ") == true && lines.last?.hasSuffix(" resume \(run.path)") == true)
  }

  @Test func `a run that a rule has stopped goes on when it is resumed`() throws {
    let rule = "watch=[{when: iteration >= 7, do: stop}]"
    let runs = try TinyRuns([rule])
    let run = try runs.begin()
    #expect(try runs.status(run) == .stopped)
    #expect(try runs.resume(run) == .finished)
    #expect(try CheckpointStore(run.checkpoints, keep: 1, in: runs.files).iterations() == [9, 12])
    #expect(try Verification(run, from: 0)(threads: 1).differences == [])
  }

  @Test func `what was rolled back is rolled back again when a run is verified`() throws {
    let runs = try TinyRuns(Self.changes)
    var copies: [RunDirectory] = []
    let whole = try runs.begin { run, _ in
      copies.append(try! runs.copy(run, as: "\(copies.count)"))
      return nil
    }
    for run in copies.enumerated().filter({ $0.offset > 5 && $0.offset % 5 == 3 }).map(\.element) + [whole] {
      let verification = try Verification(run)
      #expect(try verification(threads: 1).differences == [], "\(run.path), \(verification.from) to \(verification.to)")
      #expect(try Verification(run, from: 0)(threads: 2).differences == [], "\(run.path)")
    }
  }

  @Test func `the checkpoint of the very beginning alone is nothing to verify`() throws {
    let runs = try TinyRuns(Self.changes)
    let run = try runs.begin { _, iteration in iteration == 3 ? .interrupted("by the test") : nil }
    #expect(try CheckpointStore(run.checkpoints, keep: 1, in: runs.files).iterations() == [0, 3])
    #expect(try Verification(run)(threads: 1).differences == [])
    try runs.files.remove(run.checkpoint(3))
    for to in [nil, 0] {
      #expect(try #require(throws: Diagnostics.self) { try Verification(run, to: to) }.exitCode == .inputNotFound)
    }
  }

  @Test func `a number that a rule did not lower by is found`() throws {
    let runs = try TinyRuns(Self.changes)
    let run = try runs.begin { _, iteration in iteration == 15 ? .interrupted("by the test") : nil }
    let store = CheckpointStore(run.checkpoints, keep: 9, in: runs.files)
    let stored = try store.open(15)
    let tensors = try stored.file.names.map { NamedTensor($0, shape: try stored.file.shape($0), try stored.file.floats($0)) }
    var state = stored.file.metadata.filter { ["training", "feed", "lengths", "spec"].contains($0.key) }
    let changed = try #require(state["training"]?.replacing("\"rolledBack\":0.25", with: "\"rolledBack\":0.125"))
    #expect(changed != state["training"])
    state["training"] = changed
    try store.save(Checkpoint(iteration: 15, tensors: tensors, state: state))
    let differences = try Verification(run)(threads: 1).differences
    #expect(differences.count == 1 && differences.first?.hasPrefix("watch rules: ") == true, "\(differences)")
  }

  @Test func `an accepted change of the spec leaves the checkpoints that are to stay`() throws {
    let runs = try TinyRuns(Self.changes)
    let run = try runs.begin { _, iteration in iteration == 14 ? .interrupted("by the test") : nil }
    let before = try kept(run, runs).checkpoints
    #expect(before.contains(9) && before.last == 14 && before.count > 3, "\(before)")
    let text = try runs.text(run.spec)
    try AtomicFile.write(text.replacing("beta2: 0.99", with: "beta2: 0.9"), to: run.spec, in: runs.files)
    #expect(try runs.resume(run, accept: true, stopAfter: 15) == .stopped)
    let store = CheckpointStore(run.checkpoints, keep: 1, in: runs.files)
    #expect(try store.iterations() == before.filter { $0 != 14 } + [15])
    #expect(try CheckpointNotes(metadata: store.open(9).file.metadata).metrics["iteration"] == "9")
  }
}
