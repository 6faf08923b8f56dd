import Basics
import Foundation
import Testing

@Suite struct SweepTests {
  private static let grid = """
    parameters:
      optimizer.adam.rate: {values: [1e-4, 1e-3]}
      loss.discriminator.gradient_penalty.weight: {values: [1, 10]}
    overrides: ["schedule.phases=[{resolution: 4, hold: 3}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4]
    objective: {metric: loss.discriminator}
    """

  @Test func `a grid is run, and with other workers ends the same`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", "--workers", "2", in: scratch, timeoutSeconds: 300)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("runs/tiny/v001: 4 of 4 trials done (4 finished)\nbest: t000"), "\(outcome.output)")
    let trials = try scratch.trials()
    #expect(trials.map { $0["optimizer.adam.rate"]! } == ["0.0001", "0.0001", "0.001", "0.001"])
    #expect(trials.allSatisfy { $0["status"] == "finished" && Double($0["objective"]!) != nil && $0["iterations"] == "3" })
    let again = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect((again.exitCode, again.output) == (0, "runs/tiny/v001 is finished: there is nothing to run\n"))
    let alone = try Program.run("sweep", "tiny.sweep.yaml", "--new", "--workers", "1", "--quiet", in: scratch, timeoutSeconds: 300)
    #expect((alone.exitCode, alone.output, alone.errors) == (0, "", ""))
    #expect(try scratch.text("runs/tiny/v001/trials.csv") == scratch.text("runs/tiny/v002/trials.csv"))
    let list = try Program.run("list", "--json", in: scratch)
    #expect(list.lines.count == 8 && list.lines[0].contains("\"label\":\"optimizer.adam.rate=0.0001 loss"), "\(list.output)")
    let status = try Program.run("sweep", "status", "tiny", in: scratch)
    #expect(status.exitCode == 0 && status.output.contains("runs/tiny/v002: 4 of 4 trials done"))
    #expect(try Program.run("sweep", "status", "nothing", in: scratch).exitCode == 66)
  }

  @Test func `random search with one worker or four makes the same trials, and the same results`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      """
      parameters: {optimizer.adam.rate: {log_uniform: [1e-4, 1e-2]}, seed: {integers: [1, 9]}}
      overrides: ["schedule.phases=[{resolution: 4, hold: 2}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4]
      search: {random: {trials: 7, seed: 5}}
      objective: {metric: nearest}
      """)
    for workers in ["1", "4"] {
      let outcome = try Program.run(
        "sweep", "tiny.sweep.yaml", "--new", "--workers", workers, "--quiet", in: scratch, timeoutSeconds: 300)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    #expect(try scratch.text("runs/tiny/v001/trials.csv") == scratch.text("runs/tiny/v002/trials.csv"))
    let trials = try scratch.trials()
    #expect(trials.count == 7 && trials.allSatisfy { $0["status"] == "finished" && Double($0["objective"]!) != nil })
  }

  @Test func `a dry run shows every trial and writes nothing`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {schedule.phases.1.hold: {values: [1, 5]}}\nrepeats: 2")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", "--dry-run", "--csv", "bill.csv", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.lines[0].hasPrefix("TRIAL  schedule.phases.1.hold  SEED  ITERATIONS"))
    // Trials of 9, 9, 13 and 13 iterations; each seed shares the 4 of the first phase.
    for line in [
      "trials: 4", "iterations: 36 (44 without sharing)",
      "shared: 2 beginnings are trained once, which saves 8 iterations and ",
    ] { #expect(outcome.output.contains("\n" + line), "\(outcome.output)") }
    #expect(try !scratch.names().contains("runs"))
    #expect(
      try scratch.text("bill.csv").hasPrefix(
        "trial,point,repeat,seed,schedule.phases.1.hold,iterations,cpu_hours,bytes\n1,1,1,7,1,9,"))
    #expect(try scratch.text("bill.csv").split(separator: "\n").count == 5)
  }

  @Test func `what trials share is trained once, and each ends with the bytes of a run alone`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {schedule.phases.1.hold: {values: [1, 5]}}")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", "--workers", "2", in: scratch, timeoutSeconds: 300)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    for (number, hold) in [1, 5].enumerated() {
      let run = try Program.run("run", "tiny.yaml", "schedule.phases.1.hold=\(hold)", "--runs", "alone", "--quiet", in: scratch)
      #expect(run.exitCode == 0)
      #expect(try scratch.outcome("alone/tiny/v00\(number + 1)") == scratch.outcome("runs/tiny/v001/trials/t000\(number + 1)"))
    }
    // The saving that the bill prints: the first phase was trained by nobody but the prefix.
    let prefixes = try scratch.names(in: "runs/tiny/v001/prefixes").filter { $0.hasPrefix("p") }
    #expect(prefixes.count == 1)
    let timed = try ["trials/t0001", "trials/t0002", "prefixes/" + prefixes[0]].map { run in
      let events = try CSVTable(Array(try scratch.text("runs/tiny/v001/\(run)/events.csv").utf8))
      let (from, to) = (events[column: "iteration"]!.first!, events[column: "iteration"]!.last!)
      return Int(to)! - Int(from)!
    }
    #expect(timed == [5, 9, 4])
  }

  @Test func `a trial that diverges is on record, does not stop the others, and can be tried again`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {loss.discriminator.drift.weight: {values: [1e39, 1e-3]}}\noverrides: [\"schedule.phases.1.hold=1\"]\nobjective: {metric: loss.discriminator}"
    )
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", in: scratch, timeoutSeconds: 300)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let trials = try scratch.trials()
    #expect(trials.map { $0["status"]! } == ["failed", "finished"], "\(trials)")
    #expect(trials[0]["detail"]!.contains("not finite"), "\(trials)")
    #expect(try Program.run("sweep", "retry", "tiny", in: scratch).exitCode == 64)
    let retry = try Program.run("sweep", "retry", "tiny", "--failed", in: scratch)
    #expect((retry.exitCode, retry.output) == (0, "runs/tiny/v001: 1 failed trial waits to be run again\n"))
    #expect(try scratch.trials().map { $0["status"]! } == ["waiting", "finished"])
  }

  @Test func `ASHA ends trials at the end of a phase`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {seed: {values: [1, 2, 3]}}\nstopping: {asha: {reduction: 2}}\nobjective: {metric: loss.discriminator}")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", in: scratch, timeoutSeconds: 300)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let rungs = try CSVTable(Array(try scratch.text("runs/tiny/v001/rungs.csv").utf8))
    #expect(rungs[column: "iteration"] == ["4", "4", "4"] && rungs[column: "resolution"] == ["4", "4", "4"])
    let values = rungs[column: "value"]!.map { Double($0)! }
    // With reduction 2, the better half goes on, rounded down but at least one: here the best so far.
    let expected = values.indices.map { index in values[..<index].allSatisfy { $0 >= values[index] } }
    #expect(rungs[column: "decision"]!.map { $0 == "continue" } == expected)
    let trials = try scratch.trials()
    #expect(trials.map { $0["status"] == "finished" } == expected)
    #expect(zip(trials, values).allSatisfy { $0["status"] == "finished" || Double($0["objective"]!) == $1 })
  }

  @Test func `TPE takes its trials one after the other, and goes on where it was stopped`() throws {
    let scratch = try Scratch()
    let text = """
      parameters: {optimizer.adam.rate: {log_uniform: [1e-4, 1e-2]}}
      overrides: ["schedule.phases=[{resolution: 4, hold: 1}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4]
      search: {tpe: {trials: 12}}
      objective: {metric: score.real, goal: maximize}
      """
    try scratch.writeTinySweep(text)
    let half = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    try half.wait(forOutput: "t0004 finished", timeoutSeconds: 300)
    half.send(SIGTERM)
    #expect(try half.wait(timeoutSeconds: 300).exitCode == 143)
    let before = try scratch.trials()
    #expect(before.count < 12)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", in: scratch, timeoutSeconds: 300).exitCode == 0)
    let trials = try scratch.trials()
    #expect(trials.count == 12 && trials.allSatisfy { $0["status"] == "finished" })
    let rate = "optimizer.adam.rate"
    #expect(zip(before, trials).allSatisfy { $0[rate] == $1[rate] } && Set(trials.map { $0[rate]! }).count == 12)
    for name in try scratch.names(in: "runs/tiny/v001/trials") {
      #expect(try scratch.count("finish", in: "runs/tiny/v001/trials/" + name) == 1)
    }
  }

  @Test(arguments: ["overrides: [seed=18446744073709551615]", "overrides: [seed=18446744073709551614]"])
  func `repeats without seeds are refused`(line: String) throws {
    let scratch = try Scratch()
    let text = "parameters: {optimizer.adam.rate: {values: [1e-3]}}\n\(line)\nrepeats: "
    try scratch.writeTinySweep(text + "3")
    for command in [
      ["sweep", "tiny.sweep.yaml", "--dry-run", "--no-timing"], ["sweep", "tiny.sweep.yaml"], ["validate", "tiny.sweep.yaml"],
    ] {
      let refused = try Program.run(command, in: scratch)
      #expect(
        refused.exitCode == 65 && refused.errors.contains("tiny.sweep.yaml:6:10: error: 'repeats' is 3, and no seeds follow"),
        "\(refused.errors)")
    }
    #expect(try scratch.names().contains("runs") == false)
    // The highest seed of all is one.
    try scratch.writeTinySweep(text.replacing("551615", with: "551613").replacing("551614", with: "551613") + "3")
    let dry = try Program.run("sweep", "tiny.sweep.yaml", "--dry-run", "--no-timing", "--csv", "trials.csv", in: scratch)
    #expect(dry.exitCode == 0, "\(dry.errors)")
    #expect(try scratch.text("trials.csv").contains("18446744073709551615"))
  }
}
