import Basics
import Foundation
import Runs
import Testing

@Suite struct TraceTests {
  @Test func `a trace holds an iteration's input, weights, gradients and losses`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let outcome = try Program.run("trace", "tiny.yaml", "--iteration", "5", "--out", "five.safetensors", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let file = try SafetensorsFile(scratch("five.safetensors"), in: LocalFileSystem())
    for (key, value) in ["resolution": "8", "iteration": "5", "step": "1"] { #expect(file.metadata[key] == value, "\(key)") }
    #expect(file.metadata["alpha"].flatMap(Double.init) == 0.25)
    let names = Set(file.names)
    for name in [
      "input/generator.latent", "input/discriminator.latent", "input/real", "input/mix",
      "before/generator.blocks.0.conv1.weight", "moment2/discriminator.from_rgb.1.weight", "gradient/generator.to_rgb.1.weight",
      "after/discriminator.head.weight", "loss/generator", "loss/discriminator.wasserstein",
      "loss/discriminator.gradient_penalty", "loss/discriminator.drift",
    ] {
      #expect(names.contains(name), "\(name)")
    }
    #expect(try file.shape("input/real") == [3, 3, 8, 8])
    for name in file.names { #expect(try file.floats(name).allSatisfy(\.isFinite), "\(name)") }
    let (before, after) = ("before/generator.to_rgb.1.weight", "after/generator.to_rgb.1.weight")
    #expect(try file.floats(before) != file.floats(after))
  }

  @Test(arguments: [true, false]) func `the checkpoints of a run are not read through links`(isFolder: Bool) throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    #expect(try Program.run("run", "tiny.yaml", "--stop-after", "3", in: scratch).exitCode == 0)
    let checkpoints = scratch("runs/tiny/v001/checkpoints")
    let name = try #require(try scratch.names(in: "runs/tiny/v001/checkpoints").first)
    let path = isFolder ? checkpoints : checkpoints + "/" + name
    try FileManager.default.moveItem(atPath: path, toPath: scratch("outside"))
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: scratch("outside"))
    let arguments = ["trace", "tiny.yaml", "--from", "tiny", "--iteration", "4", "--out", "t.safetensors"]
    let outcome = try Program.run(arguments, in: scratch)
    #expect(outcome.exitCode == 74 && outcome.errors.contains("symbolic link"), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: scratch("t.safetensors")))
  }

  @Test func `an iteration outside of the schedule is wrong usage`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    for iteration in ["0", "13"] {
      let outcome = try Program.run("trace", "tiny.yaml", "--iteration", iteration, "--out", "x", in: scratch)
      #expect(outcome.exitCode == 64)
      #expect(outcome.errors.contains("there is no iteration \(iteration)"))
    }
    #expect(try scratch.names() == ["icons", "tiny.yaml"])
  }
}
