import Basics
import Foundation
import Runs
import Testing

@Suite struct WatchTests {
  private func tiny(_ rules: String) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try scratch.write(Scratch.tinySpec + "watch:\n" + rules, to: "tiny.yaml")
    return scratch
  }

  private func status(_ scratch: Scratch) throws -> String? {
    let outcome = try Program.run("list", "--json", in: scratch)
    return (try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])?["status"] as? String
  }

  private func lines(_ scratch: Scratch, _ file: String) throws -> [Substring] {
    try scratch.text("runs/tiny/v001/\(file)").split(separator: "\n")
  }

  @Test func `a rule stops a run after a checkpoint, between recorded rows`() throws {
    let scratch = try tiny("  - {when: alpha > 0.3 for 7, do: stop}\n")
    let outcome = try Program.run("run", "tiny.yaml", "record.metrics=5", "--quiet", in: scratch)
    // Alpha is 1 in the four iterations at 4x4, 0.25 in the fifth, then above.
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.errors
        == "error: stopped by its own watch rule after iteration 12: alpha > 0.3 for 7: stop (alpha is 1.0)\n", "\(outcome.errors)")
    let events = try lines(scratch, "events.csv").filter { $0.contains("Z,12,") }
    let ends = [
      ",12,watch,alpha > 0.3 for 7: stop (alpha is 1.0)", ",12,checkpoint,checkpoints/000000012.safetensors", ",12,stop,",
    ]
    #expect(events.count == 3 && zip(events, ends).allSatisfy { $0.contains($1) }, "\(events)")
    let names = ["000000005.safetensors", "000000010.safetensors", "000000012.safetensors"]
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints") == names, "that of the stop is one more")
    #expect(try status(scratch) == "stopped")
  }

  @Test func `a rule lowers the rate from the next iteration on`() throws {
    let scratch = try tiny("  - {when: iteration == 6, do: lower rate, factor: 0.25}\n")
    #expect(try Program.run("run", "tiny.yaml", in: scratch).exitCode == 0)
    let rates = try lines(scratch, "metrics.csv").dropFirst().map { $0.split(separator: ",")[5] }
    #expect(rates == Array(repeating: "0.0005", count: 6) + Array(repeating: "0.000125", count: 6))
  }

  @Test func `a loss that is no number is in the hands of a rule that rolls back`() throws {
    let scratch = try tiny("  - {when: loss.discriminator is not finite, do: roll back, times: 2}\n")
    let outcome = try Program.run("run", "tiny.yaml", "loss.discriminator.drift.weight=3e38", in: scratch)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("stop, since it has rolled back 2 times (loss.discriminator is "), "\(outcome.errors)")
    let events = try lines(scratch, "events.csv")
    #expect(events.filter { $0.contains(",watch,") && $0.contains("roll back ") }.count == 2)
    #expect(events.filter { $0.contains(",0,watch,back at checkpoints/000000000.safetensors") }.count == 2)
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints") == ["000000000.safetensors"])
    #expect(try status(scratch) == "stopped")
    // The rows of the attempts that were taken back are gone; the last one shows what it came to.
    let rows = try lines(scratch, "metrics.csv")
    #expect(rows.dropFirst().enumerated().allSatisfy { $1.hasPrefix("\($0 + 1),") } && rows.last!.contains("nan"))
    #expect(rows[1].split(separator: ",")[5] == "0.000125")
    let drawn = try Program.run("generate", "tiny", "--count", "1", in: scratch)
    #expect(drawn.exitCode == 0, "\(drawn.errors)")
  }

  @Test func `without such a rule it ends the run, and the last good checkpoint stays`() throws {
    let scratch = try tiny("  - {when: loss.discriminator is not finite for 3, do: lower rate}\n")
    // The weights are spoilt one iteration before a loss shows it; that checkpoint must not count.
    let changes = ["seed=8", "schedule.phases.0.hold=100", "loss.discriminator.drift.weight=3e38"]
    let outcome = try Program.run(["run", "tiny.yaml", "record.checkpoints.every=1"] + changes, in: scratch)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.hasPrefix("error: the loss is not finite in iteration "), "\(outcome.errors)")
    let words = try #require(outcome.errors.firstMatch(of: /in iteration (\d+)/))
    let iteration = try #require(Int(words.1))
    let names = try scratch.names(in: "runs/tiny/v001/checkpoints")
    let store = CheckpointStore(scratch("runs/tiny/v001/checkpoints"), keep: 1, in: LocalFileSystem())
    let newest = try #require(try store.newest { Issue.record("\($0)") })
    #expect(!names.isEmpty && newest.iteration >= 1 && newest.iteration < iteration)
    for name in newest.file.names where !name.hasPrefix("moment") {
      #expect(try newest.file.floats(name).allSatisfy(\.isFinite), "\(name)")
    }
  }

  @Test func `a rule about a column that is not there is refused at its word`() throws {
    let scratch = try tiny("  - {when: gradient_nrm > 50 for 200, do: stop}\n")
    let outcome = try Program.run("validate", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("\n     |            ^~~~~~~~~~~~ did you mean 'gradient_norm'?"), "\(outcome.errors)")
  }
}
