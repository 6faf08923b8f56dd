import Foundation
import Testing

@testable import CLI

/// A slip is answered with what was meant: in commands, runs, checkpoints, settings and columns.
@Suite struct SuggestionTests {
  @Test(arguments: [
    (["help", "vlidate"], "validate"), (["help", "dataset", "inspct"], "inspect"), (["dataset", "inspct", "x"], "inspect"),
    (["help", "sweep", "statu"], "status"), (["hlp"], "help"), (["help", "hlp"], "help"),
  ])
  func `help and commands`(arguments: [String], meant: String) throws {
    let outcome = try Program.run(arguments, in: Scratch())
    #expect(outcome.exitCode == 64 && outcome.output == "")
    #expect(outcome.errors.hasPrefix("error: there is no command '") && outcome.errors.contains("did you mean '\(meant)'?"))
  }

  @Test(arguments: [["help"], ["help", "run"], ["help", "dataset", "inspect"], ["help", "sweep", "status"], ["help", "help"]])
  func `help that there is`(arguments: [String]) throws {
    #expect(try Program.run(arguments, in: Scratch()).exitCode == 0)
  }

  @Test func `runs, versions, sweeps and trials`() throws {
    let scratch = try Scratch()
    for name in ["pictures/v001", "pictures/v002", "rates/v001/trials/t0012"] {
      try scratch.write("{}", to: "runs/\(name)/run.json")
    }
    for name in ["sweep.json", "sweep.yaml"] { try scratch.write("{}", to: "runs/rates/v001/" + name) }
    for command in [
      ["generate"], ["resume"], ["verify"], ["evaluate"], ["compare"], ["report", "--out", "x"], ["why", "pictures"],
    ] {
      for (text, meant) in [
        ("picture", "pictures"), ("pictures/v9", "pictures/v002"), ("rates/v001/trials/t0013", "rates/v001/trials/t0012"),
      ] {
        let outcome = try Program.run(command + [text], in: scratch)
        #expect(
          outcome.exitCode == 66 && outcome.errors.contains("did you mean '\(meant)'?"), "\(command) \(text): \(outcome.errors)")
      }
    }
    for command in ["status", "retry"] {
      let outcome = try Program.run(["sweep", command, "rate"] + (command == "retry" ? ["--failed"] : []), in: scratch)
      #expect(outcome.exitCode == 66 && outcome.errors.contains("did you mean 'rates'?"), "\(outcome.errors)")
    }
  }

  @Test func `checkpoints`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try Program.run("run", "tiny.yaml", "--quiet", "--stop-after", "7", in: scratch)
    for arguments in [
      ["generate", "tiny", "--checkpoint", "4"], ["evaluate", "tiny", "--checkpoint", "4"], ["verify", "tiny", "--to", "4"],
    ] {
      let outcome = try Program.run(arguments, in: scratch)
      #expect(outcome.exitCode == 66 && outcome.errors.contains("did you mean '5'?"), "\(outcome.errors)")
      #expect(outcome.errors.contains("5, 7"))
    }
  }

  @Test(arguments: [
    ("swd_mean", "swd_mean", "a column of evaluations.csv"), ("swd_32", "swd_<side>", "a column of evaluations.csv"),
    ("loss.generator.wasserstein", "loss.generator.wasserstein", ""), ("gradient_norm", "gradient_norm", "a column of metrics.csv"),
    ("iteration_ms", "iteration_ms", "a column of timing.csv"), ("last_iteration", "last_iteration", "a column of phases.csv"),
    ("floor.swd_mean", "floor.<column>", "a column of evaluations.csv"),
    ("stopping.asha.reduction", "stopping.asha.reduction", "In a sweep file"),
    ("workers", "workers", "In a sweep file"), ("objective.metric", "objective.metric", "In a sweep file"),
  ])
  func `settings of sweeps and columns are explained`(word: String, line: String, where place: String) throws {
    let outcome = try Program.run("explain", word, in: Scratch())
    #expect(outcome.exitCode == 0 && outcome.lines.contains(line), "\(outcome.output)\(outcome.errors)")
    #expect(place.isEmpty || outcome.output.contains(place), "\(outcome.output)")
  }

  @Test(arguments: [
    ("swd_men", "swd_mean"), ("gradient_nrm", "gradient_norm"), ("wrkers", "workers"), ("residnt_mb", "resident_mb"),
  ])
  func `slips of settings and columns`(word: String, meant: String) throws {
    let outcome = try Program.run("explain", word, in: Scratch())
    #expect(outcome.exitCode == 64 && outcome.errors.contains("did you mean '\(meant)'?"), "\(outcome.errors)")
  }

  @Test func `every column that a run writes is explained`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try Program.run("run", "tiny.yaml", "--quiet", in: scratch)
    for file in ["metrics.csv", "evaluations.csv", "timing.csv", "phases.csv", "events.csv", "dataset.csv"] {
      let header = try #require(try scratch.text("runs/tiny/v001/" + file).split(separator: "\n").first)
      for column in header.split(separator: ",").map(String.init) {
        #expect(ColumnMeaning.all.contains { $0.file == file && $0.isOf(column) }, "\(file): \(column)")
      }
    }
  }
}
