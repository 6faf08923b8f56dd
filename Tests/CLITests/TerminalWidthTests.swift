import Basics
import Foundation
import Testing

/// What people read on a terminal has no line that it would break.
@Suite struct TerminalWidthTests {
  @Test func `tables fit into the terminal, and say what they left out`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {generator.widths: {values: [[8, 6], [7, 5]]}, data.augment: {values: [{contrast: {}, brightness: {}}, {}]}}\n"
        + "objective: {metric: loss.discriminator}")
    let label = "a label that is far longer than what anybody would want to read in a table of runs"
    try Program.run("run", "tiny.yaml", "--label", label, "--quiet", in: scratch)
    try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch)
    for columns in [40, 60, 80, 120] {
      for command in [
        ["list"], ["sweep", "status", "tiny"], ["compare", "tiny/v002"], ["compare"], ["plan", "tiny.yaml", "--no-timing"],
        ["sweep", "tiny.sweep.yaml", "--dry-run", "--no-timing"],
      ] {
        let outcome = try Program.run(command, in: scratch, output: .terminal(rows: 24, columns: columns))
        #expect(outcome.exitCode == 0, "\(command) \(outcome.errors)")
        let table = outcome.lines.prefix { !$0.isEmpty && !$0.hasPrefix("too wide") && !$0.hasPrefix("runs/tiny/v002: ") }
        if columns >= 80 || command[0] == "list" {
          #expect(table.allSatisfy { $0.count <= columns }, "\(columns) \(command)\n\(table.joined(separator: "\n"))")
        }
      }
    }
    let narrow = try Program.run("list", in: scratch, output: .terminal(rows: 24, columns: 80))
    #expect(narrow.output.contains("too wide for this terminal: ") && narrow.output.contains("--json has all columns"))
    #expect(try !Program.run("list", in: scratch).output.contains("too wide"))
  }
}
