import Foundation
import Testing

/// `fadein plan --resolved` through the built program.
@Suite struct PlanResolvedTests {
  @Test func `the resolved spec says everything, and resolves to itself`() throws {
    let scratch = try Scratch()
    let folder = Program.repository.appending(path: "experiments")
    let first = try Program.run(
      "plan", folder.appending(path: "dcgan-64.yaml").path, "--resolved", "schedule.batch=7", in: scratch)
    #expect(first.exitCode == 0)
    #expect(first.output.contains("batch: 7") && first.output.contains("expansion: 1") && first.output.contains("to_rgb: []"))
    try first.output.write(toFile: scratch("resolved.yaml"), atomically: true, encoding: .utf8)
    let again = try Program.run("plan", "resolved.yaml", "--resolved", in: scratch)
    #expect(again.output == first.output)
    #expect(try Program.run("plan", "resolved.yaml", "--resolved", "--json", in: scratch).exitCode == 64)
  }
}
