import Foundation
import Runs
import Testing

@Suite struct GenerateTests {
  /// A folder with a finished tiny run.
  private func trained(_ arguments: String...) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let outcome = try Program.run(["run", "tiny.yaml", "--quiet"] + arguments, in: scratch)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    return scratch
  }

  private func bytes(_ scratch: Scratch, _ name: String) throws -> Data { try Data(contentsOf: URL(filePath: scratch(name))) }

  @Test func `the same seed draws the same images, another one others`() throws {
    let scratch = try trained()
    for (folder, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
      let outcome = try Program.run("generate", "tiny", "--count", "3", "--seed", seed, "--out", folder, in: scratch)
      #expect((outcome.exitCode, outcome.errors) == (0, ""))
      #expect(try scratch.names(in: folder) == ["0000.png", "0001.png", "0002.png"])
    }
    let image = try PNG.read(scratch("a/0000.png"))
    #expect((image.width, image.height) == (8, 8))
    #expect(try bytes(scratch, "a/0001.png") == bytes(scratch, "b/0001.png"))
    #expect(try bytes(scratch, "a/0001.png") != bytes(scratch, "c/0001.png"))
    #expect(try bytes(scratch, "a/0000.png") != bytes(scratch, "a/0001.png"))
  }

  @Test func `a sheet and an animation`() throws {
    let scratch = try trained()
    let outcome = try Program.run("generate", "tiny/v001", "--grid", "2x3", "--interpolate", "4", "--out", "out", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(try scratch.names(in: "out") == ["grid.png", "interpolation.png"])
    let sheet = try PNG.read(scratch("out/grid.png"))
    #expect(sheet.width > sheet.height)
    #expect(try bytes(scratch, "out/interpolation.png").firstRange(of: Data("acTL".utf8)) != nil)
  }

  @Test func `images come from a checkpoint of a run that never finished`() throws {
    let scratch = try trained("--stop-after", "7")
    let outcome = try Program.run(
      "generate", "runs/tiny/v001", "--checkpoint", "7", "--count", "1", "--out", "out", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(try scratch.names(in: "out") == ["0000.png"])
    let other = try Program.run("generate", "tiny", "--checkpoint", "6", "--out", "other", in: scratch)
    #expect(other.exitCode == 66)
    #expect(other.errors.contains("has no checkpoint of iteration 6") && other.errors.contains("note: it has: 5, 7"))
  }

  @Test func `no such run is not found`() throws {
    let outcome = try Program.run("generate", "tiny", in: Scratch())
    #expect(outcome.exitCode == 66)
    #expect(outcome.errors.hasPrefix("error: there is no run 'tiny'"))
  }

  @Test(arguments: [
    ["--count", "0"], ["--count", "-1"], ["--grid", "2"], ["--grid", "0x4"], ["--interpolate", "1"], ["--seed", "x"],
  ])
  func `numbers out of range are wrong usage`(arguments: [String]) throws {
    #expect(try Program.run(["generate", "tiny"] + arguments, in: Scratch()).exitCode == 64)
  }
}
