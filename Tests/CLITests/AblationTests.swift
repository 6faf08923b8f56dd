import Basics
import Foundation
import Testing

@Suite struct AblationTests {
  private static let sweep = """
    ablate:
      - {name: no drift, changes: ["~loss.discriminator.drift"]}
      - {name: "wider, less \\"penalty\\"", changes: ["loss.discriminator.gradient_penalty.weight=1", "generator.widths=[9, 7]"]}
    together: true
    repeats: 3
    """

  @Test func `each change is tried alone and all at once, and one table compares them with the baseline`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    let bill = try Program.run("sweep", "tiny.sweep.yaml", "--dry-run", in: scratch)
    #expect(bill.exitCode == 0 && bill.output.contains("no drift") && bill.output.contains("baseline"), "\(bill.errors)")
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.output) \(outcome.errors)")
    let trials = try scratch.trials()
    let names = ["baseline", "no drift", "wider, less \"penalty\"", "all"]
    #expect(trials.map { $0["change"]! } == names.flatMap { [$0, $0, $0] } && trials.allSatisfy { $0["status"] == "finished" })
    #expect(trials.map { $0["seed"]! } == names.flatMap { _ in ["7", "8", "9"] })
    let specs = try [1, 4, 7, 10].map { try scratch.text("runs/tiny/v001/trials/t\($0 < 10 ? "000" : "00")\($0)/spec.yaml") }
    #expect(specs.map { $0.contains("drift") } == [true, false, true, false])
    #expect(specs.map { $0.contains("widths: [9, 7]") } == [false, false, true, true])
    let table = try Program.run("compare", "tiny", in: scratch)
    #expect(table.exitCode == 0 && table.lines[0].contains("CHANGE") && table.lines[0].contains("DIFFERENCE"), "\(table.output)")
    for name in names { #expect(table.output.contains(name), "\(table.output)") }
    #expect(table.output.contains("corrected for the number of rows (Holm)"))
    // The sweep says the same, so nothing is left to do.
    #expect(try Program.run("sweep", "tiny.sweep.yaml", in: scratch).exitCode == 0)
    #expect(try Program.run("report", "tiny", "--out", "page.html", in: scratch).exitCode == 0)
    let page = try scratch.text("page.html")
    #expect(page.contains("Each change against the baseline") && page.contains("wider, less &quot;penalty&quot;"))
  }
}
