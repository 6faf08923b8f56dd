import Basics
import Foundation
import Testing

@Suite struct AblationTests {
  private static let sweep = """
    ablate:
      - {name: no drift, changes: [~loss.discriminator.drift]}
      - {name: "wider, less \\"penalty\\"", changes: [loss.discriminator.gradient_penalty.weight=1, "generator.widths=[9, 7]"]}
    overrides: ["schedule.phases=[{resolution: 4, hold: 3}, {resolution: 8, fade: 1, hold: 1}]", "generator.widths=[4, 4]", "discriminator.widths=[4, 4]", data.resolution=8]
    together: true
    repeats: 2
    objective: {metric: loss.discriminator}
    """

  @Test func `each change is tried alone and all at once, and one table compares them with the baseline`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    let bill = try Program.run("sweep", "tiny.sweep.yaml", "--dry-run", in: scratch)
    #expect(bill.exitCode == 0 && bill.lines[0].hasPrefix("TRIAL  change"), "\(bill.errors)")
    #expect(bill.output.contains("\ntrials: 8\niterations: 40\n"), "\(bill.output)")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", "--workers", "2", in: scratch, timeoutSeconds: 300)
    #expect(outcome.exitCode == 0, "\(outcome.output) \(outcome.errors)")
    let trials = try scratch.trials()
    let names = ["baseline", "no drift", "wider, less \"penalty\"", "all"]
    #expect(trials.map { $0["change"]! } == names.flatMap { [$0, $0] } && trials.allSatisfy { $0["status"] == "finished" })
    #expect(trials.map { $0["seed"]! } == names.flatMap { _ in ["7", "8"] })
    let specs = try [1, 3, 5, 7].map { try scratch.text("runs/tiny/v001/trials/t000\($0)/spec.yaml") }
    #expect(specs.map { $0.contains("drift") } == [true, false, true, false])
    #expect(specs.map { $0.contains("widths: [9, 7]") } == [false, false, true, true])
    let table = try Program.run("compare", "tiny", in: scratch)
    #expect(table.exitCode == 0 && table.lines[0].hasPrefix("CHANGE"), "\(table.output)")
    for name in names { #expect(table.lines.contains { $0.hasPrefix(name) }, "\(table.output)") }
    #expect(
      table.output.contains("differences from baseline by equal seeds")
        && table.output.contains("corrected for the number of rows (Holm)"))
    // Asked for something else, it is a comparison like any other.
    #expect(try Program.run("compare", "tiny", "--no-group", in: scratch).output.contains("DIFFERENCE") == false)
    let against = try Program.run("compare", "tiny", "--against", "tiny/v001/trials/t0003", in: scratch)
    #expect(against.exitCode == 0 && !against.output.contains("Holm"), "\(against.errors)")
    let again = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect((again.exitCode, again.output) == (0, "runs/tiny/v001 is finished: there is nothing to run\n"))
    let status = try Program.run("sweep", "status", "tiny", "--json", in: scratch)
    #expect(status.exitCode == 0 && status.output.contains("\"change\":\"no drift\""), "\(status.output)")
    let report = try Program.run("report", "tiny", "--out", "page.html", in: scratch)
    #expect(report.exitCode == 0, "\(report.errors)")
    #expect(try scratch.text("page.html").contains("Differences are from the baseline"))
  }

  @Test func `a failed trial of a change is retried as any other`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep.replacing("~loss.discriminator.drift", with: "optimizer.adam.rate=1"))
    _ = try Program.run("sweep", "tiny.sweep.yaml", "--workers", "2", "--quiet", in: scratch, timeoutSeconds: 300)
    let table = try scratch.text("runs/tiny/v001/trials.csv")
    let broken = table.replacing("3,finished", with: "3,failed")
    try scratch.write(broken, to: "runs/tiny/v001/trials.csv")
    let retry = try Program.run("sweep", "retry", "tiny", "--failed", in: scratch)
    #expect(retry.exitCode == 0, "\(retry.errors)")
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch, timeoutSeconds: 300).exitCode == 0)
    #expect(
      try scratch.trials().map { $0["change"]! }
        == ["baseline", "no drift", "wider, less \"penalty\"", "all"].flatMap { [$0, $0] })
  }
}
