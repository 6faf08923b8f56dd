import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

@Suite struct VerificationTests {
  private let runs: TinyRuns
  private let run: RunDirectory

  init() throws {
    runs = try TinyRuns(["data.augment.contrast.factor=[1.0, 2.0]", "loss.discriminator.gradient_penalty.weight=10"])
    run = try runs.begin { _, iteration in iteration == 8 ? .interrupted("by the test") : nil }
  }

  /// Stores the checkpoint after `iteration` anew, whole but with one tensor and its state's text changed.
  private func forge(
    _ iteration: Int, tensor: String? = nil, index: Int = 0, state change: (String, String)? = nil, rows: Int? = nil
  ) throws {
    let store = CheckpointStore(run.checkpoints, keep: 9, in: runs.files)
    let stored = try store.open(iteration)
    let tensors = try stored.file.names.map { name in
      var values = try stored.file.floats(name)
      if name == tensor { values[index] = 0.5 }
      return NamedTensor(name, shape: try stored.file.shape(name), values)
    }
    var state = stored.file.metadata.filter { ["training", "feed", "lengths", "spec"].contains($0.key) }
    if let change {
      #expect(state["training"]?.contains(change.0) == true)
      state["training"] = state["training"]?.replacing(change.0, with: change.1)
    }
    if let rows { state["lengths"] = state["lengths"]?.replacing(/"metrics":\d+/, with: "\"metrics\":\(rows)") }
    try store.save(Checkpoint(iteration: iteration, tensors: tensors, state: state))
  }

  @Test(arguments: [1, 2])
  func `a run between its two checkpoints is equal, and stays as it is`(threads: Int) throws {
    let before = try runs.everything(run)
    let verification = try Verification(run)
    #expect((verification.from, verification.to) == (6, 8))
    #expect(try #require(verification.estimatedSeconds) > 0)
    let report = try verification(threads: threads)
    #expect(report.differences == [])
    #expect(report.rows == 2 && report.tensors > 20)
    #expect(try runs.everything(run) == before)
  }

  @Test func `a run is equal from the very beginning and from a checkpoint to its end`() throws {
    try runs.resume(run)
    for (from, to) in [(0, 9), (9, 12), (0, 12)] {
      let report = try Verification(run, from: from, to: to)(threads: 1)
      #expect(report.differences == [] && report.rows == to - from)
    }
  }

  @Test func `a checkpoint that the training removes meanwhile does not end the verification`() throws {
    let before = CheckpointStore(run.checkpoints, keep: 9, in: runs.files)
    #expect(try before.iterations().suffix(2) == [6, 8])
    let removing = VanishingFileSystem(path: run.checkpoint(6))
    let verification = try Verification(run, in: removing)
    #expect(try before.iterations().contains(6) == false)
    #expect((verification.from, verification.to) == (3, 8))
    // What was opened is held.
    for iteration in [3, 8] { try runs.files.remove(run.checkpoint(iteration)) }
    #expect(try verification(threads: 1).differences == [])
  }

  /// What somebody changes in the files of a finished run beside the rows that are made anew, and how it is told.
  private static let changes: [(file: String, change: @Sendable (String) -> String, words: String)] = [
    (
      "metrics.csv", { $0.replacing("loss.generator,loss.discriminator", with: "loss.discriminator,loss.generator") },
      "metrics.csv, line 1: "
    ),
    ("metrics.csv", { $0.replacing("score.real,score.fake", with: "score.fake,score.real") }, "metrics.csv, line 1: "),
    ("metrics.csv", { $0 + "13" + $0.split(separator: "\n").last!.dropFirst(2) + "\n" }, "metrics.csv: it has "),
    ("evaluations.csv", { $0.replacing("nearest,floor.nearest", with: "floor.nearest,nearest") }, "evaluations.csv, line 1: "),
    ("evaluations.csv", { $0 + "13" + $0.split(separator: "\n").last!.dropFirst(2) + "\n" }, "evaluations.csv: it has "),
    ("phases.csv", { $0.replacing("last_iteration,images", with: "images,last_iteration") }, "phases.csv, line 1: "),
    ("phases.csv", { $0.replacing("\n1,4,0,3,", with: "\n1,4,0,4,") }, "phases.csv, line 2, hold: 4 recorded, 3 re-run"),
    ("phases.csv", { $0.replacing(",1,3,9,", with: ",1,3,8,") }, "phases.csv, line 2, images: 8 recorded, 9 re-run"),
    (
      "phases.csv", { $0.split(separator: "\n").dropLast().joined(separator: "\n") + "\n" },
      "phases.csv: the row of phase 2 is missing"
    ),
    ("phases.csv", { $0 + "3,8,0,1,13,13,3,\n" }, "phases.csv: it has "),
  ]

  @Test(arguments: changes.indices) func `what is changed beside the rows is named`(index: Int) throws {
    try runs.resume(run)
    let (file, change, words) = Self.changes[index]
    let path = Path.join(run.path, file)
    let before = try runs.text(path)
    try #require(change(before) != before, "\(before)")
    try AtomicFile.write(change(before), to: path, in: runs.files)
    let differences = try Verification(run, from: 0)(threads: 1).differences
    #expect(differences.contains { $0.hasPrefix(words) }, "\(differences)")
    try AtomicFile.write(before, to: path, in: runs.files)
    #expect(try Verification(run, from: 0)(threads: 1).differences == [])
  }

  @Test func `another generator in the place of a finished run's own is named`() throws {
    try runs.resume(run)
    let before = try runs.files.contents(of: run.generator, limit: 1 << 20)
    for (place, words) in [(before.count - 3, "recorded, "), (70, "generator.safetensors")] {
      var bytes = before
      bytes[place] ^= 1
      try AtomicFile.write(bytes, to: run.generator, in: runs.files)
      let differences = try Verification(run)(threads: 1).differences
      #expect(differences.count == 1 && differences[0].hasPrefix("generator.safetensors"), "\(differences)")
      #expect(differences[0].contains(words), "\(differences)")
    }
    try AtomicFile.write(before, to: run.generator, in: runs.files)
    #expect(try Verification(run)(threads: 1).differences == [])
  }

  @Test func `a changed weight is named with its place and both values`() throws {
    try forge(8, tensor: "generator.to_rgb.1.weight", index: 4)
    let differences = try Verification(run)(threads: 1).differences
    #expect(differences.count == 1)
    let text = "tensor 'generator.to_rgb.1.weight' [3, 6, 1, 1], element 4: 0.5 in the checkpoint, "
    #expect(differences.first?.hasPrefix(text) == true, "\(differences)")
  }

  @Test func `a stream at another place is named`() throws {
    try forge(8, state: ("\"mix\":24", "\"mix\":23"))
    #expect(try Verification(run)(threads: 1).differences == ["random stream 'mix': position 23 in the checkpoint, 24 re-run"])
  }

  @Test func `a changed row is named by its line and column`() throws {
    let lines = try runs.text(run.metrics).split(separator: "\n", omittingEmptySubsequences: false)
    var cells = lines[7].split(separator: ",").map(String.init)
    let digit = cells[7].last == "1" ? "2" : "1"
    cells[7] = cells[7].dropLast() + digit
    var changed = lines.map(String.init)
    changed[7] = cells.joined(separator: ",")
    try AtomicFile.write(changed.joined(separator: "\n"), to: run.metrics, in: runs.files)
    let differences = try Verification(run)(threads: 1).differences
    #expect(differences.first?.hasPrefix("metrics.csv, line 8, loss.generator: \(cells[7]) recorded, ") == true, "\(differences)")
    #expect(differences.count == 1)
  }

  @Test func `a single checkpoint is verified from the beginning when that is cheap`() throws {
    for iteration in [3, 6] { try runs.files.remove(run.checkpoint(iteration)) }
    let verification = try Verification(run)
    #expect((verification.from, verification.to) == (0, 8))
    let slow = try runs.text(run.timing).split(separator: "\n").enumerated().map { number, line in
      number == 0 ? String(line) : line.split(separator: ",").prefix(2).joined(separator: ",") + ",60000.0,1.0,1.0"
    }
    try AtomicFile.write(slow.map { $0 + "\n" }.joined(), to: run.timing, in: runs.files)
    let refusal = try #require(throws: Diagnostics.self) { try Verification(run) }
    #expect(refusal.exitCode == .inputNotFound)
    #expect(refusal.rendered.contains("--from 0 verifies it from the very beginning: 8 iterations, about 8:00"), "\(refusal)")
    #expect(try Verification(run, from: 0).to == 8)
  }

  @Test func `a run with more rows than a table that is read whole has an estimate`() throws {
    let rows = (1...8).map { "\($0),1.0,60000.0,1.0,1.0\n" }.joined()
    let wide = "9,1.0,1." + String(repeating: "0", count: 9000) + ",1.0,1.0\n"
    let text = "iteration,seconds,iteration_ms,images_per_second,resident_mb\n" + rows + String(repeating: wide, count: 4000)
    #expect(text.utf8.count > CSVTable.Limits().fileBytes)
    try AtomicFile.write(text, to: run.timing, in: runs.files)
    #expect(try Verification(run).estimatedSeconds == 120)
    try AtomicFile.write(text + "10,1.0,soon,1.0,1.0\n", to: run.timing, in: runs.files)
    #expect(try Verification(run).estimatedSeconds == nil)
  }

  @Test func `a damaged checkpoint is passed over and named`() throws {
    try AtomicFile.write("x", to: run.checkpoint(8), in: runs.files)
    let verification = try Verification(run)
    #expect((verification.from, verification.to) == (3, 6))
    #expect(verification.skipped.count == 1 && verification.skipped.first?.contains("000000008") == true)
    #expect(try verification(threads: 1).differences == [])
  }

  @Test func `points that are not there are refused`() throws {
    for (from, to, code) in [(4, nil, ExitCode.inputNotFound), (nil, 7, .inputNotFound), (8, nil, .inputNotFound), (8, 6, .usage)] {
      #expect(try #require(throws: Diagnostics.self) { try Verification(run, from: from, to: to) }.exitCode == code)
    }
  }

  @Test(arguments: ["dataset.csv", "metrics.csv"]) func `a file of any length is not read for ever`(name: String) throws {
    let length = 2 << 40
    if name == "metrics.csv" { for iteration in [6, 8] { try forge(iteration, rows: length) } }
    #expect(truncate(Path.join(run.path, name), off_t(length)) == 0)
    #expect(throws: (any Error).self) { try Verification(run)(threads: 1) }
  }

  @Test func `a run whose images have changed is not verified`() throws {
    try runs.writeImage("new", seed: 3)
    let refusal = try #require(throws: Diagnostics.self) { try Verification(run)(threads: 1) }
    #expect(refusal.items.map(\.message).last == "image new.png is new")
  }
}
