import Basics
import Foundation
import Kernels
import Models
import Runs
import Testing

@testable import Spec
@testable import Training

/// A checkpoint whose SHA-256 is right, since anybody can compute one, but whose texts no training has written: each is answered in
/// words and with 65 by whatever reads checkpoints, and nothing is touched.
@Suite struct HostileStateTests {
  private let runs: TinyRuns
  private let run: RunDirectory
  private let newest = 8

  init() throws {
    runs = try TinyRuns([
      "data.augment.contrast.factor=[1.0, 2.0]",
      "watch=[{when: 'score.real > 1e9 for 4', do: roll back}, {when: 'nearest > 1e9 for 2', do: lower rate}]",
    ])
    run = try runs.begin { _, iteration in iteration == 8 ? .interrupted("by the test") : nil }
  }

  /// Changes to the texts of a checkpoint, by metadata key: each value in turn takes the place of what stands at a path.
  static let numbers: [String] = [
    "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1152921504606846977", "1e400", "1.5", "null",
    "\"x\"", "[]", "{}",
  ]

  private static let isThorough = ProcessInfo.processInfo.environment["FADEIN_FAULTS"] == "all"

  static let places: [(key: String, path: [String])] = [
    ("training", ["iteration"]), ("training", ["steps", "generator.blocks.0.conv1.weight"]), ("training", ["streams", "mix"]),
    ("training", ["streams", "latent.generator"]), ("training", ["images", "total"]), ("training", ["images", "inPhase"]),
    ("training", ["earlier"]), ("training", ["watch", "counts", "score.real > 1000000000.0 for 4: roll back"]),
    ("training", ["watch", "counts", "nearest > 1000000000.0 for 2: lower rate"]),
    ("training", ["watch", "rollBacks", "score.real > 1000000000.0 for 4: roll back"]), ("training", ["watch", "rolledBack"]),
    ("training", ["watch", "lowered"]), ("feed", ["epoch"]), ("feed", ["cursor"]), ("feed", ["orderPosition"]),
    ("feed", ["augmentPosition"]), ("lengths", ["metrics"]), ("lengths", ["timing"]), ("lengths", ["phases"]),
    ("lengths", ["evaluations"]),
  ]

  /// Stores the newest checkpoint anew with other texts; nil removes one.
  private func forge(_ changes: [String: String?]) throws {
    let store = CheckpointStore(run.checkpoints, keep: 9, in: runs.files)
    let stored = try store.open(newest)
    let tensors = try stored.file.names.map { NamedTensor($0, shape: try stored.file.shape($0), try stored.file.floats($0)) }
    var metadata = stored.file.metadata.filter { !["format", "iteration", "sha256"].contains($0.key) }
    for (key, value) in changes { metadata[key] = value }
    try store.save(Checkpoint(iteration: newest, tensors: tensors, state: metadata))
  }

  private var texts: [String: String] {
    get throws { try CheckpointStore(run.checkpoints, keep: 9, in: runs.files).open(newest).file.metadata }
  }

  /// `json` with `value` at `path`, which is made where it is not there.
  private func changed(_ json: String, _ path: [String], _ value: String) throws -> String {
    let mark = "\"@@\""
    func put(_ object: Any?, _ path: ArraySlice<String>) -> Any {
      guard let first = path.first else { return "@@" }
      var object = object as? [String: Any] ?? [:]
      object[first] = put(object[first], path.dropFirst())
      return object
    }
    var whole = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    // Nothing has happened to the rules yet, so their state is not there.
    if path[0] == "watch" {
      whole["watch"] = ["counts": [String: Int](), "rollBacks": [String: Int](), "rolledBack": 1, "lowered": 1]
    }
    let object = put(whole, path[...])
    let text = String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    return text.replacing(mark, with: value)
  }

  /// Every reader of checkpoints, and whether it must refuse what it gets.
  private func readers() -> [(name: String, read: () throws -> Void)] {
    let target = runs.path + "/runs/forks/t\(UUID().uuidString)"
    return [
      ("verify", { _ = try Verification(run, to: newest)(threads: 1) }),
      ("generate", { _ = try TrainedGenerator(run, checkpoint: newest, lanes: Lanes(count: 1), runs.files) }),
      ("evaluate", { _ = try RunEvaluation(run, checkpoint: newest, runs.files)(on: Lanes(count: 1)) }),
      ("restore", { try TrainingState(runs.spec).restore(CheckpointStore(run.checkpoints, keep: 1, in: runs.files).open(newest)) }),
      (
        "from",
        {
          _ = try Origin("\(run.path)@\(newest)", in: runs.path, runs.files).apply(to: TrainingState(runs.spec), runs.spec)
        }
      ),
      (
        "fork",
        {
          var request = TrainingRun.Request(runs: runs.path + "/runs/forks", source: [], overrides: [], version: "1")
          try runs.files.createDirectories(runs.path + "/runs/forks")
          request.trial = TrialPlace(directory: target, sweep: "forks/v001", version: RunVersion(1), number: 1)
          try TrainingRun(runs.spec, threads: 1).fork(run, at: newest, request)
        }
      ),
      ("resume", { _ = try runs.resume(run) }),
    ]
  }

  /// Lets every reader read; those that do not refuse must be among `mayAccept`. Returns the refusals.
  @discardableResult
  private func expectRefusals(_ what: String, mayAccept: Set<String> = [], of names: Set<String>? = nil) throws -> [String] {
    var words: [String] = []
    let before = try runs.everything(run)
    for (name, read) in readers() where names?.contains(name) != false {
      do {
        try read()
        #expect(mayAccept.contains(name), "\(name) takes \(what)")
        if name == "resume" { continue }
      } catch let error as any UserFacingError {
        #expect(error.exitCode == .badData, "\(name) of \(what): \(error)")
        words.append(error.diagnostics.rendered)
      }
      if name == "resume" || name == "fork" {
        #expect(try runs.everything(run) == before, "\(name) of \(what) has changed something")
      }
    }
    return words
  }

  @Test func `every number in the texts of a sealed checkpoint is checked`() throws {
    let original = try texts
    let all = readers()
    for (row, (key, path)) in Self.places.enumerated() {
      // Some for each place, so that all are tried; in turn, with FADEIN_FAULTS=all every one for each.
      for (column, value) in Self.numbers.enumerated() where value != "null" || !["earlier", "evaluations"].contains(path.last!) {
        guard Self.isThorough || (row + column) % 8 == 0 else { continue }
        try forge([key: try changed(original[key]!, path, value)])
        let what = "\(key) \(path.joined(separator: ".")) \(value)"
        // The same check stands behind all readers: all are asked about a third of the places, one about each.
        let names = Self.isThorough || row % 3 == 0 ? Set(all.map(\.name)) : ["restore"]
        let words = try expectRefusals(what, of: names)
        #expect(words.allSatisfy { $0.contains("000000008.safetensors") && $0.utf8.count < 500 }, "\(words)")
      }
    }
  }

  @Test(arguments: ["training", "feed", "lengths"])
  func `a text that is missing, empty, cut or no JSON is refused`(key: String) throws {
    let text = try texts[key]!
    let deep = String(repeating: "[", count: 100_000)
    let twice = "{" + text.dropFirst().dropLast() + "," + text.dropFirst()
    for value in [nil, "", "{", "[]", "null", "0", String(text.dropLast()), text + text, deep, twice] as [String?] {
      try forge([key: value])
      try expectRefusals("\(key) \(value?.shortened ?? "absent")", of: value == nil ? nil : ["restore", "resume"])
    }
  }

  @Test(arguments: ["metrics", "timing", "phases"])
  func `a length that is missing, inside of a row or behind the end is refused`(name: String) throws {
    let lengths = try #require(try JSONSerialization.jsonObject(with: Data(try texts["lengths"]!.utf8)) as? [String: Int])
    for length in [nil, 0, 1, lengths[name]! - 1, lengths[name]! + 1, 1 << 40] as [Int?] {
      var changed = lengths
      changed[name] = length
      let text = String(decoding: try JSONEncoder().encode(changed), as: UTF8.self)
      try forge(["lengths": text])
      // Whoever needs no CSV file does not look into one, and one that verifies finds that rows are missing.
      try expectRefusals(
        "\(name) of length \(length ?? -1)", mayAccept: ["verify", "generate", "evaluate", "restore", "from", "fork"])
    }
  }

  @Test func `a spec in a checkpoint is only compared, whatever it says`() throws {
    let hostile = [
      "", "\u{0}", "{", "a: &a [*a, *a]", String(repeating: "[", count: 100_000), "%YAML 9.9\n---\nx",
      "name: " + String(repeating: "x", count: 1 << 21),
      try texts["spec"]!.replacing("fade: 5", with: "fade: 9223372036854775807"),
    ]
    for spec in hostile {
      try forge(["spec": spec])
      let before = try runs.everything(run)
      let copy = try runs.copy(run, as: UUID().uuidString)
      // It matters only where the run's own spec has changed.
      #expect(try runs.resume(copy, stopAfter: 9) == .stopped)
      try AtomicFile.write(try runs.text(run.spec).replacing("beta2: 0.99", with: "beta2: 0.9"), to: run.spec, in: runs.files)
      let refusal = #expect(throws: Diagnostics.self) { try runs.resume(run) }
      #expect(refusal?.exitCode == .badData)
      try AtomicFile.write(before["spec.yaml"]!, to: run.spec, in: runs.files)
      #expect(try runs.everything(run) == before)
    }
  }

  @Test func `a checkpoint under the name of another iteration, or from beyond the schedule, is refused`() throws {
    try runs.files.rename(run.checkpoint(8), to: run.checkpoint(7))
    let store = CheckpointStore(run.checkpoints, keep: 9, in: runs.files)
    #expect(throws: UnusableFile.self) { try store.open(7) }
    try runs.files.remove(run.checkpoint(7))
    let stored = try store.open(6)
    let tensors = try stored.file.names.map { NamedTensor($0, shape: try stored.file.shape($0), try stored.file.floats($0)) }
    var state = stored.file.metadata.filter { !["format", "iteration", "sha256"].contains($0.key) }
    state["training"] = state["training"]!.replacing("\"iteration\":6", with: "\"iteration\":999")
    try store.save(Checkpoint(iteration: 999, tensors: tensors, state: state))
    for accept in [false, true] {
      let refusal = #expect(throws: Diagnostics.self) { try runs.resume(run, accept: accept) }
      #expect(refusal?.exitCode == .badData && refusal?.rendered.contains("after iteration 999") == true)
    }
    let refusal = #expect(throws: Diagnostics.self) { try Verification(run) }
    #expect(refusal?.exitCode == .badData && refusal?.rendered.contains("the schedule ends at 12") == true)
  }

  @Test func `the state that a tester changes is otherwise a state that goes on`() throws {
    let original = try texts
    for key in ["training", "feed", "lengths"] {
      let object = try JSONSerialization.jsonObject(with: Data(original[key]!.utf8))
      let spaced = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
      try forge([key: String(decoding: spaced, as: UTF8.self)])
    }
    #expect(try Verification(run)(threads: 1).differences == [])
    #expect(try runs.resume(run) == .finished)
  }
}
