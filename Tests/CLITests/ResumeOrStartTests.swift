import Basics
import Foundation
import Testing

/// The commands with which a run goes on, begins with the weights of another, or is started by a script.
@Suite struct ResumeOrStartTests {
  private func experiment() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    return scratch
  }

  private func start(_ scratch: Scratch, _ arguments: String...) throws -> Program.Outcome {
    try Program.run(["run", "tiny.yaml", "--resume-or-start", "--threads", "1"] + arguments, in: scratch)
  }

  @Test func `one line starts, resumes, and is done at once when the run is finished`() throws {
    let scratch = try experiment()
    #expect(try Program.run("run", "tiny.yaml", "--quiet", in: scratch).exitCode == 0)
    try FileManager.default.moveItem(atPath: scratch("runs/tiny/v001"), toPath: scratch("whole"))
    #expect(try start(scratch, "--stop-after", "3").exitCode == 0)
    #expect(try start(scratch, "--stop-after", "7").lines.first?.hasPrefix("resuming runs/tiny/v001 after iteration 3") == true)
    #expect(try start(scratch).exitCode == 0)
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("whole"))
    let before = try scratch.everything(in: "runs/tiny/v001")
    let done = try start(scratch)
    #expect((done.exitCode, done.output) == (0, "runs/tiny/v001 is finished: there is nothing to resume\n"), "\(done.errors)")
    #expect(try scratch.everything(in: "runs/tiny/v001") == before)
    #expect(try start(scratch, "--quiet").output == "")
    #expect(try scratch.names(in: "runs/tiny").filter { !$0.hasPrefix(".") } == ["v001"])
  }

  @Test func `a run that was told to train on longer is still the one that was asked for`() throws {
    let scratch = try experiment()
    #expect(try start(scratch, "--stop-after", "3").exitCode == 0)
    #expect(try Program.run("resume", "tiny", "--until", "14", "--stop-after", "5", "--quiet", in: scratch).exitCode == 0)
    #expect(try start(scratch).lines.first?.hasPrefix("resuming runs/tiny/v001 after iteration 5 of 14") == true)
    #expect(try start(scratch).output == "runs/tiny/v001 is finished: there is nothing to resume\n")
    // A shorter one is not.
    #expect(try start(scratch, "schedule.phases.1.hold=9", "--stop-after", "1").exitCode == 0)
    #expect(try scratch.names(in: "runs/tiny").filter { !$0.hasPrefix(".") } == ["v001", "v002"])
  }

  @Test func `another spec, other overrides and other images are other runs`() throws {
    let scratch = try experiment()
    #expect(try start(scratch, "--stop-after", "2").exitCode == 0)
    #expect(try start(scratch, "seed=8", "--stop-after", "2").exitCode == 0)
    #expect(try scratch.names(in: "runs/tiny").filter { !$0.hasPrefix(".") } == ["v001", "v002"])
    // The newest that is the same, not the newest.
    #expect(try start(scratch, "--stop-after", "4").lines.first?.hasPrefix("resuming runs/tiny/v001 ") == true)
    try FileManager.default.copyItem(atPath: scratch("icons/1.png"), toPath: scratch("icons/other.png"))
    #expect(try start(scratch, "--stop-after", "2").exitCode == 0)
    #expect(try scratch.names(in: "runs/tiny").filter { !$0.hasPrefix(".") } == ["v001", "v002", "v003"])
    try scratch.write("{", to: "runs/tiny/v004/run.json")
    let warned = try start(scratch, "--stop-after", "3")
    #expect(warned.exitCode == 0 && warned.errors.contains("warning: passed over: cannot use 'runs/tiny/v004/run.json'"))
    #expect(warned.lines.first?.hasPrefix("resuming runs/tiny/v003 ") == true)
  }

  @Test func `of several at once one trains, and the others end with 75`() throws {
    let scratch = try experiment()
    for round in 1...3 {
      let programs = try (0..<4).map { _ in
        try RunningProgram(
          ["run", "tiny.yaml", "schedule.phases.0.hold=\(40 * round)", "--resume-or-start", "--threads", "1"], in: scratch)
      }
      let outcomes = try programs.map { try $0.wait(timeoutSeconds: 120) }
      // One that came when all was done is done, too.
      #expect(outcomes.allSatisfy { [0, 75].contains($0.exitCode) }, "\(outcomes)")
      #expect(outcomes.count { $0.output.contains("finished after") } == 1, "\(outcomes)")
      #expect(try scratch.names(in: "runs/tiny").filter { !$0.hasPrefix(".") }.count == round)
    }
  }

  @Test func `while the run is under way the line ends with 75`() throws {
    let scratch = try experiment()
    let running = try RunningProgram(
      ["run", "tiny.yaml", "schedule.phases.0.hold=1000000", "--resume-or-start", "--threads", "1"], in: scratch)
    try running.wait(forOutput: "phase 1/2")
    let other = try Program.run("run", "tiny.yaml", "schedule.phases.0.hold=1000000", "--resume-or-start", in: scratch)
    #expect((other.exitCode, other.output) == (75, ""))
    #expect(other.errors.contains("process \(running.identifier)"), "\(other.errors)")
    running.send(SIGTERM)
    #expect(try running.wait(timeoutSeconds: 60).exitCode == 143)
  }

  @Test func `a finished run is trained on by one option, and on record`() throws {
    let scratch = try experiment()
    #expect(try Program.run("run", "tiny.yaml", "schedule.phases.1.hold=9", "--quiet", in: scratch).exitCode == 0)
    #expect(try Program.run("run", "tiny.yaml", "--quiet", in: scratch).exitCode == 0)
    let outcome = try Program.run("resume", "tiny", "--until", "17", "--threads", "1", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(
      outcome.lines.first == "resuming runs/tiny/v002 after iteration 12 of 17, from checkpoints/000000012.safetensors, 1 threads")
    #expect(outcome.lines.dropFirst().first == "accepted: setting schedule.phases.1.hold: 4 -> 9")
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v002"))
    #expect(try scratch.text("runs/tiny/v002/events.csv").contains(",12,accept,setting schedule.phases.1.hold: 4 -> 9\n"))
    for (until, code) in [("17", 0), ("16", 64), ("0", 64), ("x", 64)] as [(String, Int32)] {
      #expect(try Program.run("resume", "tiny", "--until", until, in: scratch).exitCode == code, "\(until)")
    }
  }

  @Test func `a run begins with the weights of another, and says when a repetition would not`() throws {
    let scratch = try experiment()
    #expect(try Program.run("run", "tiny.yaml", "--quiet", in: scratch).exitCode == 0)
    let first = try Program.run("run", "tiny.yaml", "name=child", "--from", "tiny@10", "--threads", "1", in: scratch)
    #expect((first.exitCode, first.errors) == (0, ""))
    #expect(first.output.contains("begins with the weights of tiny/v001@10, runs/tiny/v001/checkpoints/000000010.safetensors\n"))
    let manifest = try JSONSerialization.jsonObject(with: Data(try scratch.text("runs/child/v001/run.json").utf8)) as? [String: Any]
    let from = try #require(manifest?["from"] as? [String: Any])
    #expect(from["run"] as? String == "tiny/v001" && from["iteration"] as? Int == 10 && (from["sha256"] as? String)?.count == 64)
    let again = try Program.run("run", "runs/child/v001/spec.yaml", "--from", "tiny/v001@10", "--quiet", in: scratch)
    #expect((again.exitCode, again.errors) == (0, ""))
    #expect(try scratch.outcome("runs/child/v001") == scratch.outcome("runs/child/v002"))
    let other = try Program.run("run", "runs/child/v001/spec.yaml", "--stop-after", "1", in: scratch)
    #expect(other.errors.contains("warning: runs/child/v001 began with the weights of tiny/v001@10; this run does not"))
    let unfit = try Program.run("run", "tiny.yaml", "generator.latent=6", "--from", "tiny", in: scratch)
    #expect((unfit.exitCode, unfit.output) == (65, ""))
    #expect(
      unfit.errors.contains("its tensor 'generator.blocks.0.conv1.weight' is F32 [8, 5, 3, 3], and this spec's is F32 [8, 6, 3, 3]")
    )
    // What began with other weights is another run to a script.
    let script = try Program.run("run", "tiny.yaml", "--resume-or-start", "--from", "tiny@10", "--quiet", in: scratch)
    #expect((script.exitCode, script.errors) == (0, ""))
    #expect(
      try Program.run("run", "tiny.yaml", "--resume-or-start", "--from", "tiny/v001@10", in: scratch).output.contains(
        "v002 is finished"))
  }
}
