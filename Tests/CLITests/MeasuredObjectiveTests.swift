import Basics
import Testing

/// What is never measured is refused before anything starts.
@Suite struct MeasuredObjectiveTests {
  @Test(arguments: [
    ("objective: {metric: swd_mean}", "16x16"), ("objective: {metric: floor.ms_ssim}", "16x16"),
    ("objective: {metric: swd_64}", "64x64"), ("objective: {metric: count.swd}", "16x16"),
    ("objective: {metric: nearest}\noverrides: [record.evaluate.every=0]", "record.evaluate.every is 0"),
    ("objective: {metric: copies}\noverrides: [\"record.evaluate.metrics=[swd]\"]", "does not list memorisation"),
    (
      "objective: {metric: nearest}\noverrides: [\"schedule.phases=[{resolution: 8, hold: 9}]\"]\nstopping: {median: {}}",
      "one phase"
    ),
    ("objective: {metric: loss.discriminator}\noverrides: [record.metrics=50]\nstopping: {asha: {}}", "record.metrics is 50"),
    ("objective: {metric: loss.discriminater}", "did you mean"),
  ]) func `an objective that is never measured ends validate and sweep`(lines: String, words: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {optimizer.adam.rate: {log_uniform: [1e-4, 1e-2]}}\nsearch: {tpe: {trials: 12}}\n" + lines)
    for command in [["validate", "tiny.sweep.yaml"], ["sweep", "tiny.sweep.yaml"]] {
      let outcome = try Program.run(command, in: scratch)
      #expect(outcome.exitCode == 65 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 2, "\(outcome.errors)")
    }
    #expect(try !scratch.names().contains("runs"))
  }

  @Test func `an evaluation at each phase's end is enough, however rare they are`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      """
      parameters: {seed: {values: [1, 2]}}
      overrides: [record.evaluate.every=1000000, "record.checkpoints.best={column: nearest}", "schedule.phases.1.hold=1"]
      objective: {metric: nearest}
      stopping: {asha: {reduction: 2}}
      """)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch).exitCode == 0)
    let rungs = try CSVTable(Array(try scratch.text("runs/tiny/v001/rungs.csv").utf8))
    #expect(rungs.rows.count == 2)
    #expect(try scratch.trials().allSatisfy { !$0["objective"]!.isEmpty })
  }

  @Test(arguments: [
    "record.checkpoints.best={column: swd_mean}", "watch=[{when: swd_16 > 5, do: stop}]",
    "record.checkpoints.best={column: ms_ssim}",
  ]) func `so does a run whose rules speak of such a column`(override: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let outcome = try Program.run("run", "tiny.yaml", override, in: scratch)
    #expect(outcome.exitCode == 65 && outcome.errors.contains("needs images of 16x16"), "\(outcome.errors)")
    #expect(try !scratch.names().contains("runs"))
  }
}
