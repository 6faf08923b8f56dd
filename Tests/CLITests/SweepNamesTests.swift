import Basics
import Foundation
import Testing

/// A sweep that has the experiment's name, and files that are the other kind than the command takes.
@Suite struct SweepNamesTests {
  @Test func `a sweep does not hide the runs of its name`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2]}}\noverrides: [\"schedule.phases.1.hold=1\"]")
    #expect(try Program.run("run", "tiny.yaml", "--quiet", in: scratch).exitCode == 0)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch).exitCode == 0)
    #expect(try scratch.names(in: "runs/tiny") == [".sweeps", "v001", "v002"])
    let resumed = try Program.run("resume", "tiny", in: scratch)
    #expect((resumed.exitCode, resumed.output) == (0, "runs/tiny/v001 is finished: there is nothing to resume\n"))
    for command in [
      ["generate", "tiny", "--count", "1", "--out", "drawn"], ["evaluate", "tiny", "--images", "2"], ["verify", "tiny"],
      ["why", "tiny", "tiny/v001"],
    ] { #expect(try Program.run(command, in: scratch).exitCode == 0, "\(command)") }
    for command in [
      ["resume", "tiny/v002"], ["generate", "runs/tiny/v002"], ["evaluate", "tiny/v002"], ["verify", "tiny/v002"],
      ["why", "tiny", "tiny/v002"],
    ] {
      let outcome = try Program.run(command, in: scratch)
      #expect(outcome.exitCode == 66 && outcome.errors.contains("is a sweep, not a run"), "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("runs/tiny/v002/trials/t0001 to t0002"), "\(outcome.errors)")
    }
    let run = try Program.run("sweep", "status", "tiny/v001", in: scratch)
    #expect(run.exitCode == 66 && run.errors.contains("is a run, not a sweep"), "\(run.errors)")
  }

  @Test func `each command says what the other kind of file is`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2]}}")
    for command in [["run", "tiny.sweep.yaml"], ["plan", "tiny.sweep.yaml"], ["bench", "tiny.sweep.yaml"]] {
      let outcome = try Program.run(command, in: scratch)
      #expect(outcome.exitCode == 65 && outcome.errors.contains("fadein sweep tiny.sweep.yaml"), "\(command): \(outcome.errors)")
    }
    for command in [["sweep", "tiny.yaml"], ["sweep", "tiny.yaml", "--dry-run"]] {
      let outcome = try Program.run(command, in: scratch)
      #expect(outcome.exitCode == 65 && outcome.errors.contains("fadein run tiny.yaml"), "\(command): \(outcome.errors)")
    }
    #expect(try !scratch.names().contains("runs"))
  }
}
