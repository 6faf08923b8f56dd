import Foundation
import Testing

/// What the program writes it can read: what would be too large is refused before a folder is made.
@Suite struct WrittenLimitsTests {
  private func experiment(_ change: (String) -> String = { $0 }) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try scratch.write(change(Scratch.tinySpec), to: "tiny.yaml")
    return scratch
  }

  private func data(_ line: String) -> (String) -> String {
    { $0.replacing("data: {folder: icons, resolution: 8}", with: "data:\n  folder: icons\n  resolution: 8\n  \(line)") }
  }

  /// Runs a few iterations, and resumes, lists and verifies what that leaves; or it leaves nothing.
  private func expectReadable(_ scratch: Scratch, _ arguments: String..., refusedWith code: Int32?) throws {
    let outcome = try Program.run(["run", "tiny.yaml", "--stop-after", "6", "--quiet"] + arguments, in: scratch)
    #expect(outcome.exitCode == code ?? 0, "\(outcome.errors.prefix(300))")
    guard code == nil else {
      #expect(try scratch.names().contains("runs") == false, "a folder is left")
      #expect(outcome.errors.utf8.count < 1000, "one message")
      return
    }
    #expect(try Program.run("list", "--json", in: scratch).output.contains("\"stopped\""))
    #expect(try Program.run("verify", "tiny", "--quiet", in: scratch).exitCode == 0)
    let resumed = try Program.run("resume", "tiny", "--quiet", in: scratch)
    #expect(resumed.exitCode == 0, "\(resumed.errors.prefix(300))")
    #expect(try Program.run("generate", "tiny", "--count", "1", in: scratch).exitCode == 0)
  }

  @Test(
    arguments: [
      ("x", 4096, nil), ("\u{1}", 4096, nil), ("\"", 4096, nil), ("x", 4097, 64), ("x", 70_000, 64),
    ] as [(String, Int, Int32?)])
  func `a label is readable whatever is in it, or too long`(text: String, count: Int, code: Int32?) throws {
    try expectReadable(try experiment(), "--label", String(repeating: text, count: count), refusedWith: code)
  }

  @Test func `a spec that grows beyond the readers' limit when it is written out is refused`() throws {
    let long = (0..<17).map { String(repeating: "x", count: 61_640) + "\($0)" }.joined(separator: ", ")
    let scratch = try experiment(data("exclude: [\(long)]"))
    #expect(try scratch.text("tiny.yaml").utf8.count < 1 << 20)
    try expectReadable(scratch, refusedWith: 65)
  }

  @Test func `a spec just below the limit is trained, resumed and verified`() throws {
    let long = (0..<15).map { String(repeating: "x", count: 60_000) + "\($0)" }.joined(separator: ", ")
    try expectReadable(try experiment(data("exclude: [\(long)]")), refusedWith: nil)
  }

  @Test func `overrides are kept as long as they can be read`() throws {
    let names = (0..<1_200).map { "picture-of-something-\($0).png" }.joined(separator: ", ")
    let scratch = try experiment()
    try expectReadable(scratch, "data.exclude=[\(names)]", refusedWith: nil)
    let text = try scratch.text("runs/tiny/v001/overrides.txt")
    #expect(text == "data.exclude=[\(names)]\n")
    let many = (0..<12).map { _ in
      "data.exclude=[\(String(repeating: "y", count: 60_000)), \(String(repeating: "z", count: 60_000))]"
    }
    let outcome = try Program.run(["run", "tiny.yaml", "--stop-after", "1", "--quiet", "name=many"] + many, in: scratch)
    #expect(outcome.exitCode == 64 && outcome.errors.contains("overrides.txt"), "\(outcome.errors.prefix(300))")
    #expect(try !scratch.names(in: "runs").contains("many"))
  }

  @Test func `a change that is longer than a row leaves rows that can be found`() throws {
    let scratch = try experiment()
    #expect(try Program.run("run", "tiny.yaml", "--stop-after", "6", "--quiet", in: scratch).exitCode == 0)
    let long = (0..<10).map { String(repeating: "x", count: 60_000) + "\($0)" }.joined(separator: ", ")
    let spec = try scratch.text("runs/tiny/v001/spec.yaml")
    try scratch.write(spec.replacing("  exclude: []\n", with: "  exclude: [\(long)]\n"), to: "runs/tiny/v001/spec.yaml")
    let accepted = try Program.run("resume", "tiny", "--accept", "--stop-after", "8", "--quiet", in: scratch)
    #expect(accepted.exitCode == 0, "\(accepted.errors.prefix(500))")
    let rows = try scratch.text("runs/tiny/v001/events.csv").split(separator: "\n")
    #expect(rows.allSatisfy { $0.utf8.count < 9_000 } && rows.contains { $0.contains(",accept,") })
    #expect(try scratch.status() == "stopped")
    #expect(try Program.run("resume", "tiny", "--quiet", in: scratch).exitCode == 0)
  }
}
