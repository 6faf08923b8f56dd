import Basics
import Studies
import Testing

@testable import Spec

/// Columns that a spec may speak of have numbers at the end of a run.
@Suite struct MeasuredColumnsTests {
  /// A spec with phases up to `highest`, the `metrics` and the cadences.
  private func spec(_ highest: Int, every: Int, metrics: String, more: [String] = []) throws(Diagnostics) -> ExperimentSpec {
    let sides = [16, 32, 64].filter { $0 <= highest }
    let phases = ["{resolution: 4, hold: 10}"] + ([8] + sides).filter { $0 <= highest }.map { "{resolution: \($0), fade: 10}" }
    let widths = "[" + phases.map { _ in "8" }.joined(separator: ", ") + "]"
    return try read(
      minimalSpec,
      overrides: [
        "schedule.phases=[\(phases.joined(separator: ", "))]", "generator.widths=\(widths)", "discriminator.widths=\(widths)",
        "record.evaluate={every: \(every), metrics: [\(metrics)]}",
      ] + more)
  }

  @Test(
    arguments: [4, 8, 16, 32, 64], [(0, "swd"), (7, "swd, ms_ssim"), (1_000_000, "memorisation"), (1, "ms_ssim, memorisation")])
  func `a column is taken exactly when it is measured`(highest: Int, evaluate: (every: Int, metrics: String)) throws {
    let plain = try spec(highest, every: evaluate.every, metrics: evaluate.metrics)
    let asked = Set(evaluate.metrics.split(separator: ", ").map(String.init))
    let all = Language.fadein.measures.choices.flatMap { metric in metric.columns(resolution: 64).map { (metric.key, $0.name) } }
    for (metric, column) in all {
      let side = column.hasSuffix("_64") ? 64 : column.hasSuffix("_32") ? 32 : metric == "memorisation" ? 4 : 16
      let isMeasured = evaluate.every > 0 && asked.contains(metric) && side <= highest
      #expect((MeasuredColumns(plain, .fadein).obstacle(to: column) == nil) == isMeasured, "\(column)")
      let last = plain.schedule.phases.count - 1
      #expect(MeasuredColumns(plain, .fadein).isMeasured(column, inPhase: last) == isMeasured, "\(column)")
      for change in ["record.checkpoints.best={column: \(column)}", "watch=[{when: \(column) > 1, do: stop}]"] {
        let make = { try spec(highest, every: evaluate.every, metrics: evaluate.metrics, more: [change]) }
        if isMeasured {
          _ = try make()
        } else {
          let refusal = try #require(throws: Diagnostics.self) { try make() }
          #expect(refusal.items.count == 1 && refusal.exitCode == .badData)
          #expect(side <= highest || refusal.rendered.contains("needs images of \(side)x\(side)"), "\(refusal)")
          #expect(evaluate.every > 0 || refusal.rendered.contains("record.evaluate.every is 0"), "\(refusal)")
        }
      }
    }
  }

  @Test func `losses are in the rows of a phase when one is due there`() throws {
    let measured = MeasuredColumns(try read(minimalSpec, overrides: ["record.metrics=15"]), .fadein)
    #expect(!measured.isMeasured("loss.generator", inPhase: 0) && measured.isMeasured("loss.generator", inPhase: 1))
    #expect(measured.obstacle(to: "loss.generator") == nil && measured.obstacle(to: "score.fake") == nil)
  }

  @Test func `a run of an earlier version is still read`() throws {
    let text = minimalSpec + "\nrecord: {checkpoints: {best: {column: swd_mean}}}"
    #expect(throws: Diagnostics.self) { try read(text) }
    let spec = try ExperimentSpec.read(text: text, path: "/tmp/spec.yaml", language: .fadein, isRecorded: true)
    #expect(spec.record.checkpoints.best?.column == "swd_mean")
    // What is no column at all could not be asked after.
    #expect(throws: Diagnostics.self) {
      try ExperimentSpec.read(
        text: text, path: "/tmp/spec.yaml", overrides: ["record.evaluate.every=0"], language: .fadein, isRecorded: true)
    }
  }
}
