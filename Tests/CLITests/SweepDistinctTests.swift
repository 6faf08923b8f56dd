import Basics
import Foundation
import Testing

/// A set of values that was tried is not trained again.
@Suite struct SweepDistinctTests {
  private static let short =
    "overrides: [\"schedule.phases=[{resolution: 4, hold: 2}]\", \"generator.widths=[4]\", \"discriminator.widths=[4]\", data.resolution=4]\n"

  @Test(arguments: ["tpe", "random"]) func `a search ends when all sets were tried, and says so`(search: String) throws {
    let scratch = try Scratch()
    let text =
      Self.short + """
        parameters:
          optimizer.adam.rate: {values: [1e-3, 1e-4]}
          zip: {generator.latent: [3, 3], seed: [1, 2]}
        search: {\(search): {trials: 12}}
        objective: {metric: loss.discriminator}
        """
    try scratch.writeTinySweep(text)
    let dry = try Program.run("sweep", "tiny.sweep.yaml", "--dry-run", "--no-timing", in: scratch)
    #expect(dry.output.contains("trials: 4\nsearch.\(search) asks for 12 sets of values, and there are 4\n"), "\(dry.output)")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(outcome.exitCode == 0 && outcome.output.contains("all 4 sets were tried"), "\(outcome.output) \(outcome.errors)")
    let trials = try scratch.trials()
    #expect(Set(trials.map { "\($0["optimizer.adam.rate"]!) \($0["seed"]!)" }).count == 4 && trials.count == 4)
    // More of the same, and there is nothing to do.
    try scratch.writeTinySweep(text.replacing("trials: 12", with: "trials: 20"))
    let more = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(more.output == "runs/tiny/v001 is finished: there is nothing to run\nall 4 sets were tried; there are no others\n")
    #expect(try Program.run("sweep", "status", "tiny", in: scratch).output.contains("all 4 sets were tried"))
    #expect(try scratch.names(in: "runs/tiny") == [".sweeps", "v001"])
  }

  @Test(arguments: ["tpe", "random"]) func `a range with few numbers ends when all were tried`(search: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      Self.short + """
        parameters: {optimizer.adam.rate: {uniform: [0.1, 0.10000000000000002]}}
        search: {\(search): {trials: 1000}}
        objective: {metric: loss.discriminator}
        """)
    let dry = try Program.run("sweep", "tiny.sweep.yaml", "--dry-run", "--no-timing", in: scratch, timeoutSeconds: 60)
    #expect(dry.output.contains("trials: 2\nsearch.\(search) asks for 1000 sets of values, and there are 2\n"), "\(dry.output)")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(outcome.exitCode == 0 && outcome.output.contains("all 2 sets were tried"), "\(outcome.output) \(outcome.errors)")
    #expect(try Set(scratch.trials().map { $0["optimizer.adam.rate"]! }).count == 2 && scratch.trials().count == 2)
  }

  @Test(arguments: [
    ("data.augment", "[{contrast: {factor: [1, 3]}}, {contrast: {factor: [1.0, 3e0]}}]"),
    ("data.folder", "[icons, ./icons]"), ("data.folder", "[icons, same]"), ("schedule.phases.0.hold", "[4, 0.012kimg]"),
    ("generator.widths", "[[8, 6], [8,6]]"),
  ]) func `a value in two spellings is one value`(path: String, values: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {\(path): {values: \(values)}}")
    try FileManager.default.createSymbolicLink(atPath: scratch("same"), withDestinationPath: scratch("icons"))
    let outcome = try Program.run("validate", "tiny.sweep.yaml", in: scratch)
    #expect(outcome.exitCode == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("are the same value") || outcome.errors.contains("twice"), "\(outcome.errors)")
  }

  @Test func `a search that is killed and extended tries the sets of one that never was`() throws {
    let scratch = try Scratch()
    let text =
      """
      parameters: {optimizer.adam.rate: {values: [1e-3, 1e-4]}, generator.latent: {integers: [3, 8]}}
      stopping: {asha: {reduction: 2}}
      search: {tpe: {trials: 9, seed: 4}}
      objective: {metric: loss.discriminator}
      overrides: ["schedule.phases=[{resolution: 4, hold: 2}, {resolution: 8, hold: 2}]"]
      """
    try scratch.writeTinySweep(text)
    let killed = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    try killed.wait(forOutput: "t0003 ")
    killed.send(SIGKILL)
    _ = try killed.wait()
    // What the killed command left running ends by itself; until then the sweep is taken.
    var code: Int32 = 75
    for _ in 0..<50 where code != 0 { code = try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch).exitCode }
    #expect(code == 0)
    try scratch.writeTinySweep(text.replacing("trials: 9", with: "trials: 30"))
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch).exitCode == 0)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", "--new", in: scratch).exitCode == 0)
    #expect(try scratch.text("runs/tiny/v001/trials.csv") == scratch.text("runs/tiny/v002/trials.csv"))
    let trials = try scratch.trials()
    #expect(Set(trials.map { "\($0["optimizer.adam.rate"]!) \($0["generator.latent"]!)" }).count == 12 && trials.count == 12)
  }
}
