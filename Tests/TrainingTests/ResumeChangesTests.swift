import Basics
import Foundation
import Images
import Runs
import Testing

@testable import Spec
@testable import Training

@Suite struct ResumeChangesTests {
  private let runs: TinyRuns
  private let run: RunDirectory

  init() throws {
    runs = try TinyRuns()
    run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
  }

  private func edit(_ old: String, _ new: String) throws {
    let text = try runs.text(run.spec)
    #expect(text.contains(old))
    try AtomicFile.write(text.replacing(old, with: new), to: run.spec, in: runs.files)
  }

  /// The refusal to resume, which must leave everything as it is.
  private func refusal() throws -> Diagnostics {
    let before = try runs.everything(run)
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run) }
    #expect(try runs.everything(run) == before)
    #expect(refusal.exitCode == .badData)
    return refusal
  }

  @Test func `an edited spec is refused setting by setting`() throws {
    try edit("beta2: 0.99", "beta2: 0.9")
    try edit("keep: 2", "keep: 3")
    let messages = try refusal().items.map(\.message)
    #expect(messages.first == "cannot resume '\(run.path)': its spec has changed")
    #expect(messages.contains("setting optimizer.adam.beta2: 0.99 -> 0.9"), "\(messages)")
    #expect(messages.contains("setting record.checkpoints.keep: 2 -> 3"), "\(messages)")
    #expect(messages.allSatisfy { !$0.contains("rate") })
  }

  @Test func `a comment in the spec changes nothing`() throws {
    try edit("seed: 7", "seed: 7  # lucky")
    #expect(try runs.resume(run) == .finished)
  }

  @Test func `changed images are refused one by one`() throws {
    try runs.writeImage("1", seed: 99)
    try runs.writeImage("new", seed: 100)
    try runs.files.remove(runs.path + "/icons/2.png")
    #expect(
      try refusal().items.dropFirst().map(\.message) == [
        "image 1.png has changed", "image 2.png is missing", "image new.png is new",
      ])
  }

  @Test func `missing, new, changed and damaged images are told apart, however few are left`() throws {
    try runs.writeImage("1", seed: 99)
    for name in ["0", "2"] { try runs.files.remove(runs.path + "/icons/\(name).png") }
    try AtomicFile.write("no image", to: runs.path + "/icons/3.png", in: runs.files)
    try runs.writeImage("a name with\nnewline", seed: 101)
    let message = try refusal()
    #expect(
      message.items.map(\.message) == [
        "cannot resume '\(run.path)': its images have changed", "image 0.png is missing", "image 1.png has changed",
        "image 2.png is missing", "image 3.png has changed and is not used any more: not a PNG",
        "image a name with\\u{A}newline.png is new",
      ])
    let verification = try Verification(run)
    let other = try #require(throws: Diagnostics.self) { try verification(threads: 1) }
    #expect(other.items.dropFirst() == message.items.dropFirst())
  }

  @Test func `a file that was left out and is an image now is named`() throws {
    try AtomicFile.write("no image", to: runs.path + "/icons/broken.png", in: runs.files)
    let run = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    try runs.writeImage("broken", seed: 5)
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(run) }
    #expect(refusal.items.last?.message == "image broken.png is used now, and was not: not a PNG")
  }

  @Test func `an edited list of images is noticed`() throws {
    try AtomicFile.write(try runs.text(run.dataset).replacing("0.png", with: "9.png"), to: run.dataset, in: runs.files)
    #expect(try runs.resume(run) == .finished, "the images are those of the hash")
    let other = try runs.begin { _, iteration in iteration == 5 ? .interrupted("by the test") : nil }
    try AtomicFile.write(try runs.text(other.dataset).replacing("0.png", with: "9.png"), to: other.dataset, in: runs.files)
    try runs.files.remove(runs.path + "/icons/2.png")
    let refusal = try #require(throws: Diagnostics.self) { try runs.resume(other) }
    #expect(refusal.items.last?.message == "image list dataset.csv is not the one that the run wrote")
  }

  @Test func `a file that is not used changes nothing`() throws {
    try AtomicFile.write("no image", to: runs.path + "/icons/broken.png", in: runs.files)
    #expect(try runs.resume(run) == .finished)
  }

  @Test func `accepted changes are on record, and are not asked about again`() throws {
    try edit("rate: 0.0001", "rate: 0.0002")
    try runs.files.remove(runs.path + "/icons/2.png")
    #expect(try runs.resume(run, accept: true, stopAfter: 7) == .stopped)
    let accepted = try #require(try CSVTable(runs.contents(run.events)).rows.first { $0[2] == "accept" })
    #expect(accepted[1] == "5")
    #expect(accepted[3] == "setting optimizer.drops.0.rate: 0.0001 -> 0.0002; image 2.png is missing")
    #expect(try runs.resume(run) == .finished)
    #expect(try runs.text(run.metrics).contains(",0.0002,"))
    #expect(try !runs.text(run.dataset).contains("2.png"))
  }

  @Test func `an accepted change outlives a kill before the next checkpoint`() throws {
    let run = try runs.begin { _, iteration in iteration == 3 ? .interrupted("by the test") : nil }
    for name in ["1", "2"] { try runs.files.remove(runs.path + "/icons/\(name).png") }
    var copy: RunDirectory?
    let options = TrainingRun.ResumeOptions(threads: 1, accept: true, version: "1")
    _ = try TrainingRun.resume(run, options, sink: SilentSink()) { iteration in
      if iteration == 4 { copy = try! runs.copy(run, as: "killed") }
      return nil
    }
    let killed = try #require(copy)
    #expect(try runs.resume(killed) == .finished)
    #expect(try runs.differences(run, killed) == [])
  }

  @Test func `changed networks and loss terms are refused even when accepted, and nothing is touched`() throws {
    let original = try runs.text(run.spec)
    for (old, new) in [("latent: 5", "latent: 6"), ("drift:", "drift: # gone")] {
      let text = new.hasPrefix("drift") ? removingDrift(original) : original.replacing(old, with: new)
      try AtomicFile.write(text, to: run.spec, in: runs.files)
      let before = try runs.everything(run)
      let error = #expect(throws: (any Error).self) { try runs.resume(run, accept: true) }
      #expect((error as? any UserFacingError)?.exitCode == .badData, "\(String(describing: error))")
      let after = try runs.everything(run)
      for name in ["metrics.csv", "events.csv", "run.json", "dataset.csv"] { #expect(after[name] == before[name], "\(name)") }
    }
  }

  @Test func `a schedule that now ends before the checkpoint is refused`() throws {
    try edit("fade: 5", "fade: 0")
    try edit("hold: 4", "hold: 1")
    try edit("after: 3", "after: 0")
    let error = try #require(throws: Diagnostics.self) { try runs.resume(run, accept: true) }
    #expect(error.rendered.contains("stands after iteration 5, but its schedule now ends at 4"), "\(error.rendered)")
  }

  @Test func `without a checkpoint the spec is compared with what was asked for`() throws {
    for iteration in [3, 5] { try runs.files.remove(run.checkpoint(iteration)) }
    try edit("beta2: 0.99", "beta2: 0.9")
    // The source of these runs is empty.
    #expect(try refusal().items.last?.message.contains("what it said is not known") == true)
    try AtomicFile.write(try runs.text(run.spec).replacing("0.9,", with: "0.99,"), to: run.source, in: runs.files)
    try AtomicFile.write("optimizer.adam.beta2=0.95\n", to: run.overrides, in: runs.files)
    #expect(try refusal().items.map(\.message).contains("setting optimizer.adam.beta2: 0.95 -> 0.9"))
  }

  private func removingDrift(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { $0.contains("drift:") }!
    let indent = lines[start].prefix { $0 == " " }.count
    let end = lines[(start + 1)...].firstIndex { $0.prefix { $0 == " " }.count <= indent } ?? lines.count
    lines.removeSubrange(start..<end)
    return lines.joined(separator: "\n")
  }
}
