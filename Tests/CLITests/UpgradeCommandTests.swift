import Foundation
import Testing

/// `fadein upgrade`.
@Suite struct UpgradeCommandTests {
  private static let first = Scratch.tinySpec.replacing("version: 2", with: "version: 1")
    .replacing("generator: {latent", with: "generator: {leak: 0.1, latent")

  @Test func `a spec of version 1 is printed in the present one, and written in place when asked`() throws {
    let scratch = try Scratch()
    try scratch.write(Self.first, to: "old.yaml")
    let refused = try Program.run("validate", "old.yaml", in: scratch)
    #expect(refused.exitCode == 65 && refused.errors.contains("generator.leak is now layers.leaky_relu.slope"))
    let printed = try Program.run("upgrade", "old.yaml", in: scratch)
    #expect(printed.exitCode == 0 && printed.output.contains("version: 2") && printed.output.contains("slope: 0.1"))
    #expect(try scratch.text("old.yaml") == Self.first)
    #expect(try Program.run("upgrade", "old.yaml", "--in-place", in: scratch).exitCode == 0)
    #expect(try scratch.text("old.yaml") == printed.output)
    #expect(try Program.run("validate", "old.yaml", in: scratch).exitCode == 0)
  }

  @Test func `what is no file of one's own is not written`() throws {
    let scratch = try Scratch()
    try scratch.write(Self.first, to: "old.yaml")
    try FileManager.default.createSymbolicLink(atPath: scratch("link.yaml"), withDestinationPath: "old.yaml")
    let outcome = try Program.run("upgrade", "link.yaml", "--in-place", in: scratch)
    #expect(outcome.exitCode == 73 && outcome.errors.contains("symbolic link"))
    #expect(try scratch.text("old.yaml") == Self.first)
  }
}
