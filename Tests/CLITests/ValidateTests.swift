import Foundation
import Testing

@Suite struct ValidateTests {
  static let experiments: [String] = {
    let folder = Program.repository.appending(path: "experiments").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test func `there are experiments, quickstart among them`() { #expect(Self.experiments.contains("quickstart.yaml")) }

  @Test(arguments: experiments) func `every experiment of the repository is valid`(file: String) throws {
    let path = Program.repository.appending(path: "experiments/\(file)").path
    let outcome = try Program.run("validate", path, in: Scratch())
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("\(path): ok ("), "\(outcome.errors)")
    #expect(!outcome.errors.contains("error:"))
  }

  @Test func `a good spec is summed up`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let outcome = try Program.run("validate", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == "tiny.yaml: ok (8x8, 12 iterations, 2 phases)\n")
    #expect(outcome.errors.isEmpty)
    #expect(try scratch.names() == ["icons", "tiny.yaml"])
  }

  @Test func `one iteration in one phase is in the singular`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let phases = "    - {resolution: 4, hold: 4}\n    - {resolution: 8, fade: 4, hold: 4}\n"
    var spec = Scratch.tinySpec.replacing(phases, with: "    - {resolution: 4, hold: 1}\n").replacing("[8, 6]", with: "[8]")
    spec.replace("resolution: 8}", with: "resolution: 4}")
    try scratch.write(spec, to: "tiny.yaml")
    let outcome = try Program.run("validate", "tiny.yaml", in: scratch)
    #expect(outcome.output == "tiny.yaml: ok (4x4, 1 iteration, 1 phase)\n", "\(outcome.errors)")
  }

  @Test func `every mistake of every file is shown, good files in between`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let bad = Scratch.tinySpec.replacing("seed: 7", with: "seed: many").replacing("batch: 3", with: "bath: 3")
    try scratch.write(bad, to: "bad.yaml")
    try scratch.write("", to: "empty.yaml")
    let outcome = try Program.run("validate", "bad.yaml", "tiny.yaml", "empty.yaml", in: scratch)
    #expect(outcome.exitCode == 65)
    #expect(outcome.output == "tiny.yaml: ok (8x8, 12 iterations, 2 phases)\n")
    for part in ["bad.yaml:3:7: error: ", "bad.yaml:8:3: error: 'bath'", "did you mean 'batch'?", "empty.yaml: error: "] {
      #expect(outcome.errors.contains(part), "\(part) in:\n\(outcome.errors)")
    }
  }

  @Test func `a missing spec is told apart from a bad one`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let outcome = try Program.run("validate", "none.yaml", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 66)
    #expect(outcome.output.hasPrefix("tiny.yaml: ok"))
    #expect(outcome.errors == "none.yaml: error: there is no such file\n")
  }

  @Test func `a missing data folder is a warning`() throws {
    let scratch = try Scratch()
    try scratch.write(Scratch.tinySpec, to: "tiny.yaml")
    let outcome = try Program.run("validate", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("tiny.yaml: ok"))
    #expect(outcome.errors.hasPrefix("tiny.yaml:4:16: warning: there is no folder '"), "\(outcome.errors)")
  }

  @Test func `a folder is not a spec`() throws {
    let outcome = try Program.run("validate", ".", in: Scratch())
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("this is a folder"))
  }

  @Test func `nothing to check is wrong usage`() throws {
    #expect(try Program.run("validate", in: Scratch()).exitCode == 64)
  }
}
