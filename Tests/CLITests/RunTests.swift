import Foundation
import Images
import Testing

@Suite struct RunTests {
  private func tiny(images: Int = 5) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment(images: images)
    return scratch
  }

  private func metrics(_ scratch: Scratch, _ run: String) throws -> String { try scratch.text("runs/tiny/\(run)/metrics.csv") }

  @Test func `a run leaves everything that its folder promises`() throws {
    let scratch = try tiny()
    let outcome = try Program.run("run", "tiny.yaml", "--label", "first try", "seed=8", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    let run = "runs/tiny/v001"
    #expect(
      try scratch.names(in: run) == [
        ".lock", "checkpoints", "dataset.csv", "evaluations.csv", "events.csv", "generator.safetensors", "log.txt", "metrics.csv",
        "overrides.txt",
        "phases.csv", "run.json", "samples", "source.yaml", "spec.yaml", "timing.csv",
      ])
    #expect(try scratch.names(in: run + "/samples") == ["000006.png", "000012.png"])
    #expect(try scratch.names(in: run + "/checkpoints") == ["000000010.safetensors", "000000012.safetensors"])
    #expect(try scratch.text(run + "/source.yaml") == Scratch.tinySpec)
    #expect(try scratch.text(run + "/overrides.txt") == "seed=8\n")
    #expect(try scratch.text(run + "/log.txt") == outcome.output)
    let rows = try metrics(scratch, "v001").split(separator: "\n")
    #expect(
      rows.first == """
        iteration,images,phase,resolution,alpha,rate.generator,rate.discriminator,loss.generator,loss.discriminator,\
        loss.generator.wasserstein,loss.discriminator.wasserstein,loss.discriminator.gradient_penalty,\
        loss.discriminator.drift,score.real,score.fake,gradient_norm
        """)
    #expect(rows.dropFirst().map { $0.prefix { $0 != "," } } == (1...12).map { "\($0)" })
    #expect(rows[4].hasPrefix("4,12,1,4,1.0,") && rows[5].hasPrefix("5,15,2,8,0.25,") && rows[12].hasPrefix("12,36,2,8,1.0,"))
    let list = try Program.run("list", in: scratch)
    #expect(list.lines.last?.hasPrefix("tiny  v001     finished  2 (8x8)      100%      12/12") == true, "\(list.output)")
    #expect(list.output.contains("first try") && list.errors.isEmpty)
  }

  @Test func `the same spec gives the same metrics with any number of threads, another seed gives others`() throws {
    let scratch = try tiny()
    for arguments in [["--threads", "1"], ["--threads", "3"], ["seed=8"]] {
      let outcome = try Program.run(["run", "tiny.yaml", "--quiet"] + arguments, in: scratch)
      #expect((outcome.exitCode, outcome.output, outcome.errors) == (0, "", ""))
    }
    #expect(try scratch.names(in: "runs/tiny") == ["v001", "v002", "v003"])
    let texts = try ["v001", "v002", "v003"].map { try metrics(scratch, $0) }
    #expect(texts[0] == texts[1])
    #expect(texts[0] != texts[2])
  }

  @Test func `the resolved spec of a run repeats it`() throws {
    let scratch = try tiny()
    for spec in ["tiny.yaml", "runs/tiny/v001/spec.yaml"] {
      let overrides = spec == "tiny.yaml" ? ["optimizer.adam.rate=1e-3", "~loss.discriminator.drift"] : []
      #expect(try Program.run(["run", spec, "--quiet"] + overrides, in: scratch).exitCode == 0)
    }
    #expect(try metrics(scratch, "v001") == metrics(scratch, "v002"))
    #expect(try scratch.text("runs/tiny/v001/spec.yaml") == scratch.text("runs/tiny/v002/spec.yaml"))
    #expect(try metrics(scratch, "v001").contains("drift") == false)
  }

  @Test func `a run stops where it is told to, with a checkpoint`() throws {
    let scratch = try tiny()
    let outcome = try Program.run("run", "tiny.yaml", "--stop-after", "7", in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints") == ["000000005.safetensors", "000000007.safetensors"])
    #expect(try metrics(scratch, "v001").split(separator: "\n").count == 8)
    #expect(try !scratch.names(in: "runs/tiny/v001").contains("generator.safetensors"))
  }

  @Test func `a training whose loss is no number any more ends by its own rule`() throws {
    let scratch = try tiny()
    let outcome = try Program.run("run", "tiny.yaml", "loss.discriminator.drift.weight=3e38", in: scratch)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.hasPrefix("error: the loss is not finite in iteration "), "\(outcome.errors)")
    #expect(outcome.errors.contains("\n  note: "))
    #expect(try metrics(scratch, "v001").contains(",nan,"))
    #expect(try scratch.status() == "failed")
  }

  @Test func `a reader that goes away does not end a training`() throws {
    let scratch = try tiny()
    let outcome = try Program.run("run", "tiny.yaml", in: scratch, output: .readerGone)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(try scratch.status() == "finished")
  }

  @Test func `what is missing or wrong is said before anything is written`() throws {
    let scratch = try tiny(images: 2)
    let few = try Program.run("run", "tiny.yaml", in: scratch)
    #expect(few.exitCode == 65)
    #expect(few.errors.hasPrefix("error: '\(scratch("icons"))' has 2 usable PNG images, a batch needs 3"), "\(few.errors)")
    let folder = try Program.run("run", "tiny.yaml", "data.folder=nowhere", in: scratch)
    #expect(folder.exitCode == 66)
    #expect(folder.errors.contains("there is no folder '\(scratch("nowhere"))'"), "\(folder.errors)")
    let rate = try Program.run("run", "tiny.yaml", "optimizer.adam.rte=1", in: scratch)
    #expect(rate.exitCode == 65)
    #expect(rate.errors.hasPrefix("override 1:1:") && rate.errors.contains("did you mean 'rate'?"), "\(rate.errors)")
    #expect(try Program.run("run", "none.yaml", in: scratch).exitCode == 66)
    #expect(try Program.run("run", "tiny.yaml", "--threads", "0", in: scratch).exitCode == 64)
    #expect(try scratch.names() == ["icons", "tiny.yaml"])
  }

  @Test func `damaged images are named as the reason for too few`() throws {
    let scratch = try tiny(images: 2)
    try scratch.write("no image", to: "icons/broken.png")
    let outcome = try Program.run("run", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("note: 1 skipped: not a PNG (broken.png)"), "\(outcome.errors)")
  }

  @Test func `a place where no run can be made is told`() throws {
    let scratch = try tiny()
    try scratch.write("x", to: "runs")
    let outcome = try Program.run("run", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 73)
    #expect(outcome.errors.hasPrefix("error: cannot create directory 'runs"), "\(outcome.errors)")
  }
}
