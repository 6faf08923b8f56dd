import Basics
import Datasets
import Foundation
import Graph
import Kernels
import Models
import Runs
import Testing

@testable import Spec
@testable import Training

@Suite struct TrainingMemoryTests {
  private static let none = AvailableMemory(
    touched: .init(bytes: 0, source: "nobody"), reserved: nil)

  private func spec(_ changes: [String]) throws -> ExperimentSpec {
    try TinyRuns(changes, images: 1).spec
  }

  /// Networks of up to 64x64 with random widths, latents and batches.
  private func random(_ seed: UInt64) throws -> ExperimentSpec {
    var stream = RandomStream(seed: seed, name: "test")
    func pick(_ values: [Int]) -> Int { values[Int(stream.next() % UInt64(values.count))] }
    let levels = pick([1, 2, 3, 5])
    func widths() -> String {
      (0..<levels).map { _ in "\(pick([1, 3, 8, 17, 32, 64]))" }.joined(separator: ", ")
    }
    let phases = (0..<levels).map {
      "{resolution: \(4 << $0), \($0 == 0 ? "hold" : "fade"): 1, batch: \(pick([2, 5, 16, 32]))}"
    }
    return try spec([
      "data.resolution=\(4 << (levels - 1))", "generator.widths=[\(widths())]",
      "discriminator.widths=[\(widths())]",
      "generator.latent=\(pick([1, 8, 64, 256]))", "discriminator.top=\(pick([1, 16, 128]))",
      "schedule.phases=[\(phases.joined(separator: ", "))]", "optimizer.drops=[]",
      "record.samples.count=\(pick([1, 8, 64]))",
      "record.evaluate.images=\(pick([2, 64, 1000]))",
      "loss.discriminator.gradient_penalty.weight=10",
      "generator.recipe=\(pick([0, 1]) == 0 ? "icon" : "original")", "discriminator.layers.minibatch_deviation.group=0",
    ])
  }

  @Test func `without compiling anything, more is reckoned than with it`() throws {
    let attention = try spec([
      "generator.start=[{self_attention: {reduction: 1}}, {convolution: {kernel: 1}}]",
      "discriminator.layers.minibatch_deviation.group=0",
    ])
    let residual = try spec([
      "discriminator.block=[{residual: {main: [{convolution: {width: in}}, leaky_relu, {convolution: {kernel: 4, stride: 2, border: zeros}}],"
        + " shortcut: [downsample, {convolution: {kernel: 1}}]}}]"
    ])
    let drawn: [(UInt64, ExperimentSpec)] = try (0..<12).map { ($0, try random($0)) }
    for (seed, spec) in drawn + [(100, attention), (101, residual)] {
      for threads in [1, 16] {
        let memory = TrainingMemory(spec, threads: threads)
        let (need, generous) = (try memory.training(), memory.generousTraining)
        #expect(
          generous.bytes >= need.bytes,
          "seed \(seed), \(threads) threads: \(generous.bytes) and \(need.bytes)")
      }
    }
  }

  @Test func `what is reckoned is what a training takes`() throws {
    let spec = try random(3)
    let (memory, state, lanes) = (
      TrainingMemory(spec, threads: 2), TrainingState(spec), Lanes(count: 2)
    )
    #expect(memory.stateBytes == state.buffers.values.reduce(0) { $0 + 4 * $1.count })
    #expect(
      memory.state.bytes
        == state.buffers.values.reduce(0) { $0 + MemoryNeed(floats: $1.count).bytes })
    let phase = Schedule(spec).phases.last!
    let graph = TrainingGraph(spec, level: phase.level, batch: phase.batch, fading: false)
    let iteration = try Iteration(graph, state, lanes: lanes)
    let need = memory.iteration(graph, [iteration.generator.plan, iteration.discriminator.plan])
    #expect(need.bytes >= 4 * (iteration.arena.count + iteration.real.count))
  }

  @Test func `the largest experiment that the language allows is reckoned without memory for it`()
    throws
  {
    let many = Array(repeating: "8192", count: 9).joined(separator: ", ")
    let phases = (0..<9).map {
      "{resolution: \(4 << $0), \($0 == 0 ? "hold" : "fade"): 1000000000}"
    }.joined(separator: ", ")
    let spec = try spec([
      "data.resolution=1024", "generator.widths=[\(many)]", "discriminator.widths=[\(many)]",
      "generator.latent=8192",
      "discriminator.top=8192", "schedule.batch=4096", "schedule.phases=[\(phases)]",
      "optimizer.drops=[]",
      "record.samples.count=1024", "record.evaluate.images=65536",
      "loss.discriminator.gradient_penalty.weight=10",
    ])
    let memory = TrainingMemory(spec, threads: 1024)
    #expect(throws: NotEnoughMemory.self) { try memory.requireTraining(from: .now) }
    let need = try memory.training()
    #expect(
      need.bytes > 1_000_000_000_000 && need.bytes < .max
        && memory.generousTraining.bytes >= need.bytes)
    let forecast = try PhaseForecast(
      Schedule(spec).phases.last!, spec, state: TrainingState(spec), lanes: Lanes(count: 1),
      timing: true)
    #expect(forecast.obstacle != nil && forecast.memory > 1_000_000_000_000)
  }

  @Test func `a training that does not fit takes no folder`() throws {
    let runs = try TinyRuns()
    #expect(throws: NotEnoughMemory.self) {
      try TrainingMemory(runs.spec, threads: 1).requireTraining(from: Self.none)
    }
  }

  @Test func `work is spread by what iterations take`() throws {
    let spec = try spec([])
    let work = WorkShares(spec)
    #expect(work.isSound(for: 12) && work.iterations == [3, 12] && work.shares.last == 1)
    // A quarter of the iterations, at 4x4, is less than a quarter of the work.
    #expect(
      work.progress(after: 3) < 0.25 && work.progress(after: 0) == 0
        && work.progress(after: 12) == 1)
    let rises = (0...12).map { work.progress(after: $0) }
    #expect(zip(rises, rises.dropFirst()).allSatisfy { $0 < $1 })
    #expect(work.secondsLeft(after: 12, perIteration: 1) == 0)
    #expect(abs(try #require(work.secondsLeft(after: 6, perIteration: 2)) - 12) < 1e-6)
    #expect(try #require(work.secondsLeft(after: 1, perIteration: 1)) > 11)
    let broken = [
      "{\"iterations\":[3],\"shares\":[1,2]}", "{\"iterations\":[5,3],\"shares\":[0.1,1]}",
      "{\"iterations\":[],\"shares\":[]}",
    ]
    for text in broken { #expect(try !decode(text).isSound(for: 3), "\(text)") }
  }

  private func decode(_ text: String) throws -> WorkShares {
    try JSONDecoder().decode(WorkShares.self, from: Data(text.utf8))
  }

  @Test func `many files that are left out for one reason are one line`() {
    let files = (0..<200).map { ImageFile(path: "a\($0).png", skipReason: .excluded(by: "a*")) }
    let others = [ImageFile(path: "b.png"), ImageFile(path: "c.png", skipReason: .folder)]
    #expect(
      SkippedFiles.lines(files + others) == [
        "skipped 200 files: excluded by 'a*' (a0.png, a1.png, a2.png and 197 more, which dataset.csv names)",
        "skipped c.png: a folder",
      ])
  }
}
