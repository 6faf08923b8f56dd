import Foundation
import Testing

/// `plan` and `bench`.
@Suite struct ForecastTests {
  private func objects(_ outcome: Program.Outcome) throws -> [[String: Any]] {
    try outcome.lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
  }

  private func tiny() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write(Scratch.tinySpec, to: "tiny.yaml")  // without images: neither command needs them
    return scratch
  }

  @Test func `a plan has an object for each phase`() throws {
    let scratch = try tiny()
    let outcome = try Program.run("plan", "tiny.yaml", "schedule.batch=4", "--json", "--no-timing", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    let phases = try objects(outcome)
    #expect(phases.map { $0["resolution"] as? Int } == [4, 8])
    #expect(phases.map { $0["iterations"] as? Int ?? ($0["last_iteration"] as? Int) } == [4, 12])
    #expect(phases.allSatisfy { $0["batch"] as? Int == 4 })
    #expect(try scratch.names() == ["tiny.yaml"])
  }

  @Test func `a plan is a table, and a graph when asked for`() throws {
    let scratch = try tiny()
    let outcome = try Program.run("plan", "tiny.yaml", "--graph", "tiny.dot", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(outcome.output.contains("4x4") && outcome.output.contains("8x8"))
    // Each layer, with what leaves it.
    #expect(outcome.output.contains("blocks.1.conv1") && outcome.output.contains("to_rgb.1") && outcome.output.contains("head "))
    let plain = try Program.run("plan", "tiny.yaml", "--no-timing", "--no-layers", in: scratch)
    #expect(plain.exitCode == 0 && !plain.output.contains("blocks.1.conv1") && plain.output.contains("8x8"))
    #expect(try scratch.text("tiny.dot").contains("\ndigraph"))
  }

  @Test func `a bench has an object for each resolution that is asked for`() throws {
    let outcome = try Program.run(
      "bench", "tiny.yaml", "--resolutions", "8", "--iterations", "2", "--threads", "2", "--json", in: tiny())
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    let lines = try objects(outcome)
    try #require(lines.count == 1)
    let keys = ["resolution", "threads", "batch", "median_ms", "min_ms", "gflops", "peak_gflops"]
    for key in keys { #expect((lines[0][key] as? Double ?? -1) > 0, "\(key)") }
    #expect(lines[0]["resolution"] as? Int == 8 && lines[0]["threads"] as? Int == 2 && lines[0]["batch"] as? Int == 3)
  }

  @Test func `a resolution that the spec does not have is wrong usage`() throws {
    let outcome = try Program.run("bench", "tiny.yaml", "--resolutions", "16", "--iterations", "1", in: tiny())
    #expect((outcome.exitCode, outcome.output) == (64, ""))
    #expect(outcome.errors == "error: the spec has no phase of resolution 16\n")
  }
}
