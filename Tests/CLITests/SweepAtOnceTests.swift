import Basics
import Foundation
import Testing

/// Commands that come at the same time, names that lead nowhere, and a queue that is silent.
@Suite struct SweepAtOnceTests {
  private static let sweep = """
    parameters: {seed: {values: [1, 2]}}
    overrides: ["schedule.phases=[{resolution: 4, hold: 3}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4, record.evaluate.every=0]
    """

  @Test func `four identical commands at once are one sweep`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    let programs = try (0..<4).map { _ in try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch) }
    let outcomes = try programs.map { try $0.wait() }
    // One runs it; who comes meanwhile is told so, and who comes later that nothing is left.
    for outcome in outcomes {
      #expect(
        outcome.exitCode == 0 || outcome.exitCode == 75 && outcome.errors.contains("is run by another process"), "\(outcome)")
    }
    #expect(outcomes.contains { $0.exitCode == 0 })
    #expect(try scratch.names(in: "runs/tiny").filter { $0.hasPrefix("v") } == ["v001"])
    #expect(try scratch.trials().allSatisfy { $0["status"] == "finished" })
    for trial in 1...2 { #expect(try scratch.count("finish", in: "runs/tiny/v001/trials/t000\(trial)") == 1) }
  }

  @Test func `a highest version beside the others lets nothing begin that cannot be listed`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    try FileManager.default.createDirectory(atPath: scratch("runs/tiny/v999999999"), withIntermediateDirectories: true)
    for arguments in [["sweep", "tiny.sweep.yaml"], ["run", "tiny.yaml"]] {
      let outcome = try Program.run(arguments, in: scratch)
      #expect(outcome.exitCode == 73 && outcome.errors.contains("no version can follow"), "\(outcome)")
    }
    #expect(try scratch.names(in: "runs/tiny").filter { $0.hasPrefix("v") } == ["v999999999"])
  }

  @Test func `a task that finds its trial claimed ends at once`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep.replacing("hold: 3", with: "hold: 1000000"))
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    let first = try RunningProgram(["sweep", "work", "runs/tiny/v001", "--trial", "1"], in: scratch)
    let deadline = Deadline(in: 120)
    while (try? scratch.text("runs/tiny/v001/trials/t0001/metrics.csv"))?.contains("\n1,") != true {
      try #require(!deadline.isOver)
    }
    #expect(try Program.run("sweep", "work", "runs/tiny/v001", "--trial", "1", in: scratch).exitCode == 3)
    first.send(SIGTERM)
    #expect(try first.wait().exitCode == 143)
  }

  @Test func `a queue that is silent for a while gets no jobs twice`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    try scratch.script("sbatch", "echo job >> submissions; wc -l < submissions")
    try scratch.script("scontrol", "echo 'MaxArraySize = 1001'")
    try scratch.script(
      "squeue",
      "echo asked >> questions; if [ $(wc -l < questions) -lt 2 ]; then echo 'Unable to contact \u{1b}[31m' >&2; exit 1; fi; echo PENDING"
    )
    let path = scratch("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    func sweep(_ more: String...) throws -> Program.Outcome {
      try Program.run(["sweep", "tiny.sweep.yaml", "--executor", "slurm"] + more, in: scratch, environment: ["PATH": path])
    }
    #expect(try sweep().output == "runs/tiny/v001: 2 tasks submitted as 1\n")
    let again = try sweep()
    #expect(again.output == "runs/tiny/v001: 1 tasks are in the queue already\n" && again.exitCode == 0)
    #expect(again.errors.contains("asked again") && !again.errors.contains("\u{1b}"), "\(again.errors)")
    try scratch.script("squeue", "exit 1")
    let refused = try sweep()
    #expect(refused.exitCode == 75 && refused.errors.contains("--submit-anyway"), "\(refused)")
    #expect(try scratch.text("submissions") == "job\n")
    #expect(try sweep("--submit-anyway").output == "runs/tiny/v001: 2 tasks submitted as 2\n")
  }
}

extension Scratch {
  /// Writes a program `name` that a search path may have.
  fileprivate func script(_ name: String, _ body: String) throws {
    try write("#!/bin/sh\n" + body + "\n", to: "bin/" + name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: self("bin/" + name))
  }
}
