import Basics
import Foundation
import Kernels
import Models
import Runs
import Testing

@testable import Spec
@testable import Training

/// Runs that begin with the weights of another.
@Suite struct OriginTests {
  private let runs: TinyRuns
  private let source: RunDirectory

  init() throws {
    runs = try TinyRuns(["record.evaluate.every=0"])
    source = try runs.begin()
  }

  private func origin(_ text: String? = nil) throws -> Origin {
    try Origin(text ?? source.path, in: runs.path + "/runs", runs.files)
  }

  @Test func `a new run has the weights, the average and the moments of the other, and everything else of its own`() throws {
    let (state, old) = (TrainingState(runs.spec), TrainingState(runs.spec))
    _ = try origin().apply(to: state, runs.spec)
    try old.restore(CheckpointStore(source.checkpoints, keep: 1, in: runs.files).open(12))
    for (name, buffer) in old.buffers { #expect(state.buffers[name]!.values == buffer.values, "\(name)") }
    #expect(state.steps == old.steps && state.earlier == 12)
    #expect(state.iteration == 0 && state.images == ImageCount() && state.mixes.position == 0)
  }

  @Test func `a run with the weights of another repeats to the byte, is on record, and is resumed from anywhere`() throws {
    try runs.writeImage("other", seed: 77)
    let whole = try runs.begin(from: origin())
    let manifest = try Manifest(whole, runs.files)
    #expect(manifest.from?.run == "tiny/v001" && manifest.from?.iteration == 12 && manifest.from?.path == source.path)
    #expect(try runs.text(whole.events).contains("12 iterations, with the weights of tiny/v001@12"))
    #expect(try runs.files.list(whole.checkpoints).first == CheckpointStore.name(0))
    #expect(try runs.differences(whole, runs.begin(from: origin("tiny/v001@12"))) == [])
    #expect(try !runs.differences(whole, runs.begin()).isEmpty)
    #expect(try !runs.differences(whole, runs.begin(from: origin("tiny/v001@9"))).isEmpty)
    for stop in [1, 7] {
      var copy: RunDirectory?
      _ = try runs.begin(from: origin()) { run, iteration in
        if iteration == stop { copy = try! runs.copy(run, as: "\(stop)") }
        return iteration == stop ? .requested("enough") : nil
      }
      #expect(try runs.resume(copy!) == .finished)
      #expect(try runs.differences(whole, copy!) == [], "killed after \(stop)")
      #expect(try runs.files.list(copy!.checkpoints) == runs.files.list(whole.checkpoints))
    }
    // Verifying from the beginning takes the other run's weights for the beginning.
    #expect(try Verification(whole, from: 0)(threads: 1).differences == [])
    try runs.files.remove(whole.checkpoint(0))
    #expect(throws: Diagnostics.self) { try Verification(whole, from: 0) }
  }

  @Test func `whatever call goes wrong while it begins, the weights are there once the run is`() throws {
    let whole = try runs.begin(from: origin())
    var call = 1
    while true {
      let files = DoomedFileSystem(.death, at: call)
      let run = RunDirectory(runs.path + "/runs/tiny/v003")
      var request = TrainingRun.Request(runs: runs.path + "/runs", source: [], overrides: [], version: "1")
      request.origin = try origin()
      _ = try? TrainingRun(runs.spec, threads: 1, in: files).begin(request, sink: SilentSink()) {
        $0 >= 2 ? .requested("enough") : nil
      }
      guard files.hasStruck else { break }
      if try runs.files.status(of: run.manifest) != nil {
        #expect(try runs.resume(run) == .finished, "call \(call)")
        #expect(try runs.differences(whole, run) == [], "call \(call)")
      }
      try? FileManager.default.removeItem(atPath: run.path)
      call += 29
    }
    #expect(call > 50)
  }

  @Test func `networks that do not fit are refused by their first tensor, before a folder is taken`() throws {
    for (change, tensor) in [
      ("generator.latent=6", "generator.blocks.0.conv1.weight"), ("discriminator.top=8", "discriminator.blocks.0.conv1.weight"),
      ("generator.widths=[8, 7]", "generator.blocks.1.conv1.weight"),
      ("discriminator.widths=[8, 7]", "discriminator.from_rgb.1.weight"),
    ] {
      let refusal = try #require(throws: Diagnostics.self) { try runs.begin(changing: [change], from: origin()) }
      #expect(refusal.exitCode == .badData && refusal.rendered.contains("its tensor '\(tensor)' is F32"), "\(refusal)")
    }
    #expect(try runs.files.list(runs.path + "/runs/tiny") == ["v001"])
  }

  @Test func `levels that are added are drawn, and those that are left out are not missed`() throws {
    let higher = [
      "data.resolution=16", "generator.widths=[8, 6, 4]", "discriminator.widths=[8, 6, 4]",
      "schedule.phases=[{resolution: 4, hold: 1}, {resolution: 8, hold: 1}, {resolution: 16, fade: 2, hold: 1}]",
      "optimizer.drops=[]",
    ]
    let run = try runs.begin(changing: higher, from: origin())
    #expect(try runs.text(run.log).contains("the layers above 8x8 are drawn: that run does not have them"))
    let lower = [
      "data.resolution=4", "generator.widths=[8]", "discriminator.widths=[8]", "schedule.phases=[{resolution: 4, hold: 2}]",
      "optimizer.drops=[]",
    ]
    _ = try runs.begin(changing: lower, from: origin())
  }

  @Test func `moments that a network does not have begin anew`() throws {
    let spec = try runs.spec(changing: ["optimizer.adam.beta1=0"])
    let state = TrainingState(spec)
    #expect(try origin().apply(to: state, spec).count == 1, "it needs fewer")
    let without = try runs.begin(changing: ["optimizer.adam.beta1=0"])
    let other = TrainingState(runs.spec)
    let notes = try origin(without.path).apply(to: other, runs.spec)
    #expect(notes.count == 3 && notes.dropFirst().allSatisfy { $0.contains("moments") })
    #expect(other.steps.values.allSatisfy { $0 == 0 })
  }

  @Test func `what is not there is said`() throws {
    for (text, code) in [("tiny/v001@7", ExitCode.inputNotFound), ("nothing", .inputNotFound), ("tiny@", .inputNotFound)] {
      let error = #expect(throws: (any Error).self) { try origin(text) }
      #expect(((error as? Diagnostics)?.exitCode ?? (error as? any UserFacingError)?.exitCode) == code, "\(text)")
    }
    for name in try runs.files.list(source.checkpoints) { try runs.files.remove(source.checkpoints + "/" + name) }
    #expect(try #require(throws: Diagnostics.self) { try origin() }.exitCode == .inputNotFound)
  }
}
