import Basics
import Foundation
import Runs
import Testing

@Suite struct CompareTests {
  let files = LocalFileSystem()

  /// Makes a finished run of one row under `runs`.
  private func makeRun(
    _ name: String, in scratch: Scratch, seed: UInt64 = 0, rate: String = "0.001", loss: String = "0.5", label: String? = nil,
    sweep: String? = nil, iterations: Int = 10
  ) throws {
    let run = RunDirectory(scratch("runs/" + name))
    var manifest = Manifest(
      id: name, name: "x", version: 1, seed: seed, iterations: iterations, created: Timestamp(milliseconds: 86_400_000), threads: 2,
      fadeinVersion: "0.1.0", specHash: "")
    (manifest.label, manifest.sweep) = (label, sweep)
    try scratch.write("version: 1\nname: x\nseed: \(seed)\noptimizer: {adam: {rate: \(rate)}}\n", to: "runs/\(name)/spec.yaml")
    try manifest.write(to: run, files)
    try scratch.write("", to: "runs/\(name)/generator.safetensors")
    try scratch.write("time,iteration,event,detail\n1970-01-01T00:00:00.000Z,10,finish,\n", to: "runs/\(name)/events.csv")
    try scratch.write(
      "iteration,images,phase,resolution,alpha,loss.generator,loss.discriminator\n10,160,1,4,1.0,\(loss),-1.0\n10",
      to: "runs/\(name)/metrics.csv")
    try scratch.write(
      "iteration,seconds,iteration_ms,images_per_second,resident_mb\n10,2.5,1.0,1.0,1.0\n", to: "runs/\(name)/timing.csv")
  }

  private func makeSweep(in scratch: Scratch) throws {
    try scratch.write("version: 1\n", to: "runs/study/v001/sweep.yaml")
    for (number, (rate, loss)) in [
      ("0.001", "1.0"), ("0.001", "2.0"), ("0.001", "4.0"), ("0.01", "2.0"), ("0.01", "4.0"), ("0.01", "5.0"),
    ]
    .enumerated() {
      try makeRun(
        "study/v001/trials/t000\(number + 1)", in: scratch, seed: UInt64(number % 3), rate: rate, loss: loss, sweep: "study/v001")
    }
    try makeRun("study/v001/prefixes/p1", in: scratch)
  }

  @Test func `runs are a table, and what is none is named`() throws {
    let scratch = try Scratch()
    try makeRun("a/v001", in: scratch)
    try makeRun("a/v002", in: scratch, rate: "0.002", loss: "nan", label: "\u{1b}]0;owned\u{7}")
    try scratch.write("x", to: "runs/a/v003/metrics.csv")
    try makeRun("a/v004", in: scratch)
    try scratch.write("iteration,images,loss.generator\n10,160,oops\n", to: "runs/a/v004/metrics.csv")
    try scratch.write("x", to: "runs/not a name/x")
    let outcome = try Program.run("compare", in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        RUN     STATUS    LABEL                OPTIMIZER.ADAM.RATE  LOSS.GENERATOR  LOSS.DISCRIMINATOR
        a/v001  finished                                     0.001             0.5                  -1
        a/v002  finished  \\u{1B}]0;owned\\u{7}                0.002             nan                  -1

        """)
    #expect(
      outcome.errors == """
        runs/a/v003: warning: skipped: it has no run.json
        runs/not a name: warning: skipped: 'not a name' is not the name of a run
        runs/a/v004: warning: skipped: cannot use 'runs/a/v004/metrics.csv': 'oops' of 'loss.generator' is not a number

        """)
  }

  @Test func `the repeats of a sweep are one row, and differences need seeds enough`() throws {
    let scratch = try Scratch()
    try makeSweep(in: scratch)
    let outcome = try Program.run(
      "compare", "study", "--against", "study/v001/trials/t0002", "--columns", "*.rate,loss.generator", in: scratch)
    #expect(outcome.errors == "")
    #expect(
      outcome.output == """
        RUN                      SEEDS  OPTIMIZER.ADAM.RATE                LOSS.GENERATOR              DIFFERENCE      P
        study/v001/trials/t0001      3                0.001   2.333 ± 1.5 [-1.461, 6.128]
        study/v001/trials/t0004      3                 0.01  3.667 ± 1.5 [-0.1279, 7.461]  1.333 [-0.1009, 2.768]  0.057

        mean ± standard deviation over seeds, and the 95% interval of the mean
        differences from rate 0.001 (study/v001/trials/t0001) by equal seeds, with the 95% interval of the mean; p of the paired t test

        """)
    let wilcoxon = try Program.run("compare", "study", "--against", "study/v001/trials/t0001", "--test", "wilcoxon", in: scratch)
    #expect(
      wilcoxon.lines.last == "too few seeds (3 pairs; Wilcoxon needs 6 for p < 0.05)", "\(wilcoxon.output)")
  }

  @Test func `the CSV goes to standard output or to a file`() throws {
    let scratch = try Scratch()
    try makeSweep(in: scratch)
    let expected = """
      run,status,label,started,seconds,params.version,params.name,params.seed,params.optimizer.adam.rate,metrics.loss.generator,metrics.loss.discriminator
      study/v001/trials/t0006,finished,,1970-01-02T00:00:00.000Z,2.5,1,x,2,0.01,5.0,-1.0
      study/v001/trials/t0005,finished,,1970-01-02T00:00:00.000Z,2.5,1,x,1,0.01,4.0,-1.0

      """
    let arguments = [
      "compare", "study/*/trials/*", "--no-group", "--sort", "-loss.generator", "--top", "2", "--filter",
      "params.optimizer.adam.rate>1e-3",
    ]
    let printed = try Program.run(arguments + ["--csv", "-"], in: scratch)
    #expect((printed.exitCode, printed.output, printed.errors) == (0, expected, ""))
    let saved = try Program.run(arguments + ["--csv", "out.csv"], in: scratch)
    #expect(saved.exitCode == 0 && saved.lines.count == 3)
    #expect(try scratch.text("out.csv") == expected)
    let impossible = try Program.run(arguments + ["--csv", "no/such/folder.csv"], in: scratch)
    #expect(impossible.exitCode == 73)
  }

  @Test func `a folder without runs and a missing one are friendly lines`() throws {
    let scratch = try Scratch()
    let missing = try Program.run("compare", in: scratch)
    #expect((missing.exitCode, missing.output) == (0, ""))
    #expect(missing.errors == "There is no folder 'runs' yet: a first 'fadein run' makes it.\n")
    try scratch.write("about", to: "runs/README.md")
    #expect(try Program.run("compare", in: scratch).errors == "There are no runs in 'runs' yet.\n")
    let foreign = try Program.run("compare", "runs/README.md", in: scratch)
    #expect(foreign.exitCode == 66)
    #expect(foreign.errors == "runs/README.md: warning: skipped: it is not a folder\nerror: there is no run to compare\n")
  }

  @Test(arguments: [
    (["stdy"], 66, "error: there is no run 'stdy', neither a directory nor under 'runs'\n  did you mean 'study'?\n"),
    (["x*"], 66, "error: there is no run 'x*', neither a directory nor under 'runs'\n"),
    (
      ["--sort", "los.generator"], 64,
      "error: --sort: there is no column 'los.generator'\n  did you mean 'metrics.loss.generator'?\n"
    ),
    (
      ["--columns", "metrics.zzz*"], 64,
      "error: --columns: there is no column 'metrics.zzz*'\n  note: '--columns \"*\"' shows all columns\n"
    ),
    (
      ["--filter", "rate < 1"], 64,
      "--filter:1:1: error: there is no column 'rate'\n  1 | rate < 1\n    | ^~~~ did you mean 'params.optimizer.adam.rate'?\n"
    ),
    (
      ["--against", "study"], 64,
      "error: --against takes one run, but 'study' is 6\n  note: a row is called by one of its runs, as in study/v001/trials/t0001\n"
    ),
  ])
  func `mistakes are told apart`(arguments: [String], code: Int32, message: String) throws {
    let scratch = try Scratch()
    try makeSweep(in: scratch)
    let outcome = try Program.run(["compare"] + arguments, in: scratch)
    #expect((outcome.exitCode, outcome.output) == (code, ""))
    #expect(outcome.errors == message)
  }

  @Test(arguments: [
    ["--top", "0"], ["--at", "median"], ["--at-images", "-1"], ["--test", "u"], ["--against", "study", "--no-group"],
  ])
  func `values that make no sense are wrong usage`(arguments: [String]) throws {
    #expect(try Program.run(["compare"] + arguments, in: Scratch()).exitCode == 64)
  }

  @Test func `columns that say nothing are not shown unless asked for`() throws {
    let scratch = try Scratch()
    try makeRun("study/v001", in: scratch, loss: "", label: "rate=0.001", sweep: "study/v001")
    #expect(try Program.run("compare", in: scratch).lines[0] == "RUN         STATUS    LOSS.DISCRIMINATOR")
    let asked = try Program.run("compare", "--columns", "label,loss.generator", in: scratch)
    #expect(asked.lines[0] == "RUN         LABEL       LOSS.GENERATOR")
  }

  @Test func `runs at different resolutions are told apart`() throws {
    let scratch = try Scratch()
    try makeRun("a/v001", in: scratch)
    try makeRun("a/v002", in: scratch, iterations: 20)
    try scratch.write(
      "iteration,images,phase,resolution,alpha,loss.generator,loss.discriminator\n10,160,1,4,1.0,1.0,1.0\n20,320,2,8,1.0,2.0,1.0\n",
      to: "runs/a/v002/metrics.csv")
    let note = "these runs are at different resolutions (4, 8): metrics of different ones do not compare"
    #expect(try Program.run("compare", in: scratch).lines.last == note)
    let early = try Program.run("compare", "--at-images", "160", in: scratch)
    #expect(early.lines.count == 3 && early.lines[2].hasSuffix("               1                   1"), "\(early.output)")
    let late = try Program.run("compare", "--at-images", "300", in: scratch)
    #expect(late.lines.last == "1 run has not shown 300 images: no metrics", "\(late.output)")
  }
}
