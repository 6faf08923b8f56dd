import Basics
import Foundation
import Testing

/// A sweep some of whose files were lost, changed or replaced, or whose machine gives out: nothing of it is removed or mixed up.
@Suite struct SweepLossTests {
  private static let grid = "parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3]}}\noverrides: [record.evaluate.every=0]"
  private static let shared = "parameters: {schedule.phases.1.hold: {values: [4, 5]}}\noverrides: [record.evaluate.every=0]"
  private static let sweep = "runs/tiny/v001"

  private func run(_ scratch: Scratch, _ more: String...) throws -> Program.Outcome {
    try Program.run(["sweep", "tiny.sweep.yaml", "--threads", "1"] + more, in: scratch)
  }

  private func remove(_ name: String, _ scratch: Scratch) throws { try FileManager.default.removeItem(atPath: scratch(name)) }

  /// Every file of the sweep but for locks.
  private func everything(_ scratch: Scratch) throws -> [String: Data] {
    try scratch.everything(in: Self.sweep).filter { !$0.key.hasPrefix("claims/") && ![".lock", ".table"].contains($0.key) }
  }

  /// What else of a sweep may be lost together with its manifest.
  private static let losses = [
    [], [".lock", ".table", "workers.txt"], ["claims", "trials", "prefixes", "images", ".lock", ".table", "workers.txt"],
    ["trials/t0001", "trials/t0002", "claims/t0001", "claims/t0002", ".lock", ".table", "workers.txt"],
  ]

  @Test(arguments: losses) func `a sweep without its manifest is refused, and nothing of it is touched`(losses: [String]) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    #expect(try run(scratch).exitCode == 0)
    for name in ["sweep.json"] + losses where FileManager.default.fileExists(atPath: scratch(Self.sweep + "/" + name)) {
      try remove(Self.sweep + "/" + name, scratch)
    }
    let before = try everything(scratch)
    for command in [["sweep", "tiny.sweep.yaml"], ["sweep", "status", "tiny"], ["sweep", "retry", "tiny", "--failed"]] {
      let refused = try Program.run(command, in: scratch)
      #expect(refused.exitCode == 65 && refused.errors.contains("'runs/tiny/v001' has no sweep.json"), "\(refused.errors)")
      #expect(try everything(scratch) == before && scratch.names(in: "runs/tiny").filter { $0.hasPrefix("v") } == ["v001"])
    }
    #expect(try run(scratch, "--new").exitCode == 0)
    #expect(try everything(scratch) == before)
    #expect(try scratch.trials("runs/tiny/v002").allSatisfy { $0["status"] == "finished" })
  }

  @Test(arguments: [false, true]) func `a run of a sweep that has lost its manifest is not trained anew`(isPrefix: Bool) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(isPrefix ? Self.shared : Self.grid)
    #expect(try run(scratch).exitCode == 0)
    let table = Self.sweep + "/trials.csv"
    try scratch.write(try scratch.text(table).replacing(",finished,", with: ",waiting,"), to: table)
    var folder = "trials/t0001"
    if isPrefix {
      for trial in ["t0001", "t0002"] { try remove(Self.sweep + "/trials/" + trial, scratch) }
      folder = "prefixes/" + (try #require(try scratch.names(in: Self.sweep + "/prefixes").first { $0.hasPrefix("p") }))
    }
    let manifest = try scratch.text("\(Self.sweep)/\(folder)/run.json")
    try remove("\(Self.sweep)/\(folder)/run.json", scratch)
    let before = try everything(scratch)
    for command in [["tiny.sweep.yaml"], ["work", Self.sweep, "--trial", "1"]] {
      let refused = try Program.run(["sweep"] + command, in: scratch)
      #expect(refused.exitCode == 65 && refused.errors.contains("\(folder)' has no run.json"), "\(refused.errors)")
      #expect(try everything(scratch) == before)
    }
    try scratch.write(manifest, to: "\(Self.sweep)/\(folder)/run.json")
    let again = try run(scratch)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["finished0", "finished0"])
  }

  /// What somebody exchanges between the folders of two shared beginnings.
  private static let exchanges = [[""], ["/checkpoints"], ["/spec.yaml", "/run.json"]]

  @Test(arguments: exchanges) func `nothing is trained on from the beginning of other settings`(names: [String]) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3]}, schedule.phases.1.hold: {values: [4, 5]}}")
    #expect(try run(scratch).exitCode == 0)
    let whole = try scratch.outcome(Self.sweep + "/trials/t0003")
    let table = Self.sweep + "/trials.csv"
    try scratch.write(try scratch.text(table).replacing(",finished,", with: ",waiting,"), to: table)
    for trial in try scratch.names(in: Self.sweep + "/trials") { try remove(Self.sweep + "/trials/" + trial, scratch) }
    let folders = try scratch.names(in: Self.sweep + "/prefixes").filter { $0.hasPrefix("p") }.map {
      Self.sweep + "/prefixes/" + $0
    }
    try #require(folders.count == 2)
    func exchange() throws {
      for name in names {
        for (from, to) in [(folders[0] + name, "aside"), (folders[1] + name, folders[0] + name), ("aside", folders[1] + name)] {
          try FileManager.default.moveItem(atPath: scratch(from), toPath: scratch(to))
        }
      }
    }
    try exchange()
    let before = try everything(scratch)
    for command in [["tiny.sweep.yaml"], ["work", Self.sweep, "--trial", "1"], ["work", Self.sweep]] {
      let refused = try Program.run(["sweep"] + command, in: scratch)
      #expect(refused.exitCode == 65 && folders.contains { refused.errors.contains("'\($0)' is not what") }, "\(refused.errors)")
      #expect(try everything(scratch) == before)
    }
    try exchange()
    let again = try run(scratch)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(try scratch.outcome(Self.sweep + "/trials/t0003") == whole)
  }

  @Test func `a trial does not go on from the checkpoint of another`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    #expect(try run(scratch).exitCode == 0)
    let (table, trials) = (Self.sweep + "/trials.csv", Self.sweep + "/trials")
    try scratch.write(try scratch.text(table).replacing("1,finished,", with: "1,waiting,"), to: table)
    try remove(trials + "/t0001/checkpoints", scratch)
    try FileManager.default.copyItem(atPath: scratch(trials + "/t0002/checkpoints"), toPath: scratch(trials + "/t0001/checkpoints"))
    try remove(trials + "/t0001/generator.safetensors", scratch)
    let events = try scratch.text(trials + "/t0001/events.csv")
    try scratch.write(
      events.split(separator: "\n").filter { !$0.contains(",finish,") }.joined(separator: "\n") + "\n",
      to: trials + "/t0001/events.csv")
    let outcome = try run(scratch)
    #expect(outcome.exitCode == 74 && outcome.errors.contains("is not what the sweep says of this trial"), "\(outcome.errors)")
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["waiting0", "finished0"])
  }

  @Test func `a sweep keeps no half-written files of killed processes`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid.replacing("overrides: [", with: "workers: 1\noverrides: [\"schedule.phases.0.hold=40\", "))
    let folders = ["", "/images", "/prefixes"].map { Self.sweep + $0 }
    func litter() throws { for folder in folders { try scratch.write("half", to: folder + "/.fadein-tmp-1-20-trials.csv") } }
    func kept() throws -> [String] { try folders.flatMap { try scratch.names(in: $0) }.filter { $0.hasPrefix(".fadein-tmp") } }
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--threads", "1"], in: scratch)
    try wait(scratch) { try !scratch.names(in: Self.sweep + "/trials").isEmpty }
    // As a worker that is killed leaves them.
    try litter()
    #expect(try program.wait().exitCode == 0)
    #expect(try kept() == [])
    try litter()
    let again = try run(scratch)
    #expect(again.exitCode == 0 && again.output.contains("nothing to run"), "\(again.errors)")
    #expect(try kept() == [])
    try scratch.write(
      try scratch.text(Self.sweep + "/trials.csv").replacing("1,finished,", with: "1,waiting,"), to: Self.sweep + "/trials.csv")
    try litter()
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    #expect(try kept() == [])
  }

  /// What a process that begins a sweep has made when it is killed, in that order.
  @Test(arguments: [
    [], ["v001"], ["v001/claims"], ["v001/claims", "v001/trials"], ["v001/claims", "v001/trials", "v001/prefixes", "v001/images"],
  ])
  func `the folder of a beginning that was killed is used again`(folders: [String]) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    try scratch.write("", to: "runs/tiny/.sweeps-v001")
    for folder in folders {
      try FileManager.default.createDirectory(atPath: scratch("runs/tiny/" + folder), withIntermediateDirectories: true)
    }
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch).exitCode == 0)
    #expect(try scratch.names(in: "runs/tiny") == [".sweeps", "v001"] && scratch.trials().count == 2)
  }

  @Test func `a sweep is not found by name through a link`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.grid)
    #expect(try run(scratch, "--runs", "home").exitCode == 0)
    try FileManager.default.createDirectory(atPath: scratch("stranger/other"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: scratch("stranger/tiny"), withDestinationPath: "../home/tiny")
    try FileManager.default.createSymbolicLink(atPath: scratch("stranger/other/v001"), withDestinationPath: "../../home/tiny/v001")
    let before = try scratch.everything(in: "home")
    for name in ["tiny/v001", "tiny", "other/v001", "other"] {
      for command in [["status", name], ["retry", name, "--failed"]] {
        let refused = try Program.run(["sweep"] + command + ["--runs", "stranger"], in: scratch)
        #expect([66, 74].contains(refused.exitCode) && refused.output.isEmpty, "\(name): \(refused.output) \(refused.errors)")
      }
    }
    #expect(try scratch.everything(in: "home") == before)
    // Whoever types the path of the folder itself means it.
    #expect(try Program.run("sweep", "status", "stranger/other/v001", in: scratch).exitCode == 0)
  }

  /// Another text of the same size for each file that a sweep began with.
  private static let edits = [
    ("experiment.yaml", "seed: 7", "seed: 8"), ("sweep.yaml", "[4, 5]", "[4, 6]"), ("prefixes/index.csv", ",4,1 2", ",4,2 1"),
  ]

  @Test(arguments: edits.indices) func `a worker trains nothing from files that are not those of the beginning`(edit: Int) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.shared)
    #expect(try run(scratch, "--executor", "slurm", "--emit-only").exitCode == 0)
    let (name, old, new) = Self.edits[edit]
    let (file, before) = (Self.sweep + "/" + name, try scratch.text(Self.sweep + "/" + name))
    try scratch.write(before.replacing(old, with: new), to: file)
    try #require(try scratch.text(file) != before)
    for trial in [["--trial", "1"], []] {
      let refused = try Program.run(["sweep", "work", Self.sweep] + trial, in: scratch)
      #expect(refused.exitCode == 65 && refused.errors.contains("'\(file)' is not"), "\(refused.errors)")
    }
    #expect(try scratch.names(in: Self.sweep + "/trials").isEmpty)
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["waiting0", "waiting0"])
    // Who has the user's own files can put them back.
    let again = try run(scratch)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(try scratch.text(file) == before && scratch.trials().allSatisfy { $0["status"] == "finished" })
  }

  @Test(arguments: edits.indices) func `what somebody changes in a sweep that runs is put back`(edit: Int) throws {
    let (scratch, untouched) = (try Scratch(), try Scratch())
    let text = Self.shared.replacing("overrides: [", with: "workers: 1\noverrides: [\"schedule.phases.0.hold=40\", ")
    for scratch in [scratch, untouched] { try scratch.writeTinySweep(text) }
    #expect(try run(untouched).exitCode == 0)
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--threads", "1"], in: scratch)
    let (name, old, new) = Self.edits[edit]
    let file = Self.sweep + "/" + name
    try wait(scratch) {
      try !scratch.names(in: Self.sweep + "/trials").isEmpty || scratch.names(in: Self.sweep + "/prefixes").count > 1
    }
    let before = try scratch.text(file)
    let after = before.replacing(old.replacing(",4,", with: ",40,"), with: new.replacing(",4,", with: ",40,"))
    try #require(after != before)
    try Data(after.utf8).write(to: URL(filePath: scratch(file)), options: .atomic)
    let outcome = try program.wait()
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    let last = name.split(separator: "/").last!
    #expect(outcome.output.contains("\(last) was changed by somebody else: it is written again"), "\(outcome.output)")
    #expect(try scratch.text(file) == before)
    #expect(try scratch.text(Self.sweep + "/trials.csv") == untouched.text(Self.sweep + "/trials.csv"))
    for trial in ["t0001", "t0002"] {
      let metrics = "\(Self.sweep)/trials/\(trial)/metrics.csv"
      #expect(try scratch.text(metrics) == untouched.text(metrics))
    }
  }

  /// What somebody does to the folder of a trial that is being trained. While files are written into it, `rm -r` may fail.
  @Test(arguments: [
    "rm t/.lock", "mv t aside", "mv t aside && mkdir t", "until rm -rf t; do :; done", "mv t aside && ln -s aside t",
    "mv t/samples t/x",
    "rm -f t/samples/* && mkdir t/samples/000240.png",
  ])
  func `a trial whose folder is taken away waits, and has not failed`(deed: String) throws {
    let scratch = try Scratch()
    let overrides = "\"schedule.phases.0.hold=300\", record.checkpoints.every=20"
    try scratch.writeTinySweep(
      "parameters: {seed: {values: [1]}}\noverrides: [record.evaluate.every=0, \(overrides)]")
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--threads", "1"], in: scratch)
    let trial = Self.sweep + "/trials/t0001"
    try wait(scratch) { try !scratch.names(in: trial + "/checkpoints").isEmpty }
    let line = deed.replacing(" t/", with: " \(trial)/").replacing(" t", with: " \(trial)").replacing(
      "aside t", with: "aside \(trial)")
    #expect(try Program.shell(line.replacing("aside", with: "$PWD/aside"), in: scratch).exitCode == 0)
    let outcome = try program.wait()
    #expect([0, 65, 74].contains(outcome.exitCode), "\(outcome.exitCode): \(outcome.errors)")
    for trial in try scratch.trials() {
      #expect(
        trial["failures"] == "0" && ["waiting", "finished"].contains(trial["status"]!), "\(deed): \(trial) \(outcome.errors)")
    }
    // Behind a link it is still the folder that the trial has open, and a folder for samples is made anew.
    if !deed.contains("ln") && !deed.contains("t/x") {
      #expect(try scratch.text(Self.sweep + "/workers.txt").contains("trial 1 waits to be trained again"))
    }
    if deed.contains("mkdir t/samples") {
      #expect(outcome.exitCode == 74 && outcome.errors.contains("trial 1 waits to be trained again: cannot"), "\(outcome.errors)")
    }
    if outcome.exitCode == 0 { #expect(try scratch.trials().allSatisfy { $0["status"] == "finished" }) }
  }

  private func wait(_ scratch: Scratch, until isTrue: () throws -> Bool) throws {
    let end = Date.now + 120
    while (try? isTrue()) != true {
      try #require(Date.now < end)
      usleep(5000)
    }
  }

  @Test func `a sweep is not extended while it runs`() throws {
    let scratch = try Scratch()
    let long = Self.grid.replacing("overrides: [", with: "workers: 1\noverrides: [\"schedule.phases.0.hold=60\", ")
    try scratch.writeTinySweep(long)
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    try wait(scratch) { try scratch.text(Self.sweep + "/trials/t0001/events.csv").contains("checkpoint") }
    let before = try ["sweep.yaml", "sweep.json"].map { try scratch.text(Self.sweep + "/" + $0) }
    try scratch.writeTinySweep(long.replacing("1e-3]", with: "1e-3, 2e-3]"))
    let second = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(second.exitCode == 75, "\(second.output) \(second.errors)")
    #expect(try ["sweep.yaml", "sweep.json"].map { try scratch.text(Self.sweep + "/" + $0) } == before)
    let first = try program.wait()
    #expect((first.exitCode, first.errors) == (0, ""))
    #expect(try run(scratch).exitCode == 0)
    #expect(try scratch.trials().map { $0["status"]! } == ["finished", "finished", "finished"])
  }

  @Test(arguments: [grid, shared]) func `where the machine has no room, trials wait`(text: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(text)
    // As on a full disk, checkpoints cannot be written, and small files can.
    let full = try Program.shell("ulimit -f 40; exec \"$FADEIN\" sweep tiny.sweep.yaml --quiet --threads 1", in: scratch)
    #expect(full.exitCode == 74, "\(full.output) \(full.errors)")
    #expect(full.errors.contains("cannot write") && full.errors.contains(".safetensors"), "\(full.errors)")
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["waiting0", "waiting0"])
    let task = try Program.shell("ulimit -f 40; exec \"$FADEIN\" sweep work \(Self.sweep) --trial 2", in: scratch)
    #expect(task.exitCode == 74 && task.errors.contains("cannot write"), "\(task.errors)")
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["waiting0", "waiting0"])
    let again = try run(scratch)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(try scratch.trials().map { $0["status"]! + $0["failures"]! } == ["finished0", "finished0"])
  }

  @Test(arguments: [true, false]) func `what was decided at rungs is there again when somebody has removed it`(isWhole: Bool) throws
  {
    let (scratch, untouched) = (try Scratch(), try Scratch())
    let text = """
      parameters: {optimizer.adam.rate: {values: [1e-5, 1e-4, 1e-3, 2e-3, 3e-3]}}
      overrides: ["schedule.phases.0.hold=60", record.evaluate.every=0]
      objective: {metric: loss.discriminator}
      stopping: {asha: {}}
      workers: 1
      """
    for scratch in [scratch, untouched] { try scratch.writeTinySweep(text) }
    let reference = try run(untouched)
    #expect(reference.exitCode == 0, "\(reference.errors)")
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--threads", "1"], in: scratch)
    let rungs = Self.sweep + "/rungs.csv"
    try wait(scratch) { try scratch.text(rungs).split(separator: "\n").count >= 3 }
    // Until this has been seen by who starts the trials.
    usleep(600_000)
    let lines = try scratch.text(rungs).split(separator: "\n")
    if isWhole { try remove(rungs, scratch) } else { try scratch.write(lines[0] + "\n", to: rungs) }
    let outcome = try program.wait()
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    // Whoever saw it first says so, the sweep or one of its workers.
    let said = try outcome.output + scratch.text(Self.sweep + "/workers.txt")
    #expect(said.contains("rungs.csv was removed or changed by somebody else"), "\(outcome.output)")
    #expect(try Set(scratch.text(rungs).split(separator: "\n")) == Set(untouched.text(rungs).split(separator: "\n")))
  }

  @Test func `a trial that somebody else trains waits, and does not fail`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      """
      parameters: {seed: {values: [1, 2]}}
      overrides: ["schedule.phases=[{resolution: 4, hold: 3000}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4, record.checkpoints.every=1000000, record.evaluate.every=0]
      workers: 1
      """)
    let sweep = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    let deadline = Deadline(in: 120)
    let trial = "runs/tiny/v001/trials/t0001"
    while !FileManager.default.fileExists(atPath: scratch(trial + "/metrics.csv")), !deadline.isOver { MonotonicClock.pause(0.01) }
    sweep.send(SIGTERM)
    #expect(try sweep.wait().exitCode == 143)
    let other = try RunningProgram(["resume", trial, "--threads", "1"], in: scratch)
    try other.wait(forOutput: "resuming")
    other.send(SIGSTOP)
    let again = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    let log = scratch("runs/tiny/v001/workers.txt")
    while (try? String(contentsOfFile: log, encoding: .utf8))?.contains("in use") != true, !deadline.isOver {
      MonotonicClock.pause(0.05)
    }
    #expect(try scratch.trials()[0]["status"] != "failed")
    other.send(SIGCONT)
    #expect(try other.wait().exitCode == 0)
    #expect(try again.wait().exitCode == 0)
    #expect(try scratch.trials().allSatisfy { $0["status"] == "finished" && $0["failures"] == "0" })
  }
}
