import Foundation
import Images
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
      #expect(try scratch.names(in: folder) == ["0", "1", "2"].map { "seed\(seed)-000\($0).png" })
    }
    let image = try ImageFormatCatalog.read(scratch("a/seed1-0000.png"))
    #expect((image.width, image.height) == (8, 8))
    #expect(try bytes(scratch, "a/seed1-0001.png") == bytes(scratch, "b/seed1-0001.png"))
    let others = ["c/seed2-0001.png", "a/seed1-0000.png"]
    for other in others {
      #expect(try ImageFormatCatalog.read(scratch("a/seed1-0001.png")) != ImageFormatCatalog.read(scratch(other)))
    }
  }

  @Test func `a sheet and an animation`() throws {
    let scratch = try trained()
    let outcome = try Program.run("generate", "tiny/v001", "--grid", "2x3", "--interpolate", "4", "--out", "out", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(try scratch.names(in: "out") == ["seed0-grid.png", "seed0-interpolation.png"])
    let sheet = try ImageFormatCatalog.read(scratch("out/seed0-grid.png"))
    #expect(sheet.width > sheet.height)
    #expect(try bytes(scratch, "out/seed0-interpolation.png").firstRange(of: Data("acTL".utf8)) != nil)
  }

  @Test func `images come from a checkpoint of a run that never finished`() throws {
    let scratch = try trained("--stop-after", "7")
    let outcome = try Program.run(
      "generate", "runs/tiny/v001", "--checkpoint", "7", "--count", "1", "--out", "out", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(try scratch.names(in: "out") == ["iteration7-seed0-0000.png"])
    let source = "runs/tiny/v001/checkpoints/000000007.safetensors"
    #expect(outcome.lines == ["drawn from \(source), iteration 7 of 12, seed 0", "out/iteration7-seed0-0000.png"])
    let other = try Program.run("generate", "tiny", "--checkpoint", "6", "--out", "other", in: scratch)
    #expect(other.exitCode == 66)
    #expect(other.errors.contains("has no checkpoint of iteration 6") && other.errors.contains("note: it has: 5, 7"))
  }

  @Test func `two commands do not mix their files in one folder`() throws {
    let scratch = try trained()
    try FileManager.default.createDirectory(atPath: scratch("out"), withIntermediateDirectories: false)
    let descriptor = open(scratch("out"), O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let second = try RunningProgram(shell: "exec \"$FADEIN\" generate tiny --count 2 --out out 2>&1", in: scratch)
    try second.wait(forOutput: "waiting for another command that writes into 'out'", kills: false)
    #expect(try scratch.names(in: "out").isEmpty)
    flock(descriptor, LOCK_UN)
    #expect(try second.wait().exitCode == 0)
    #expect(try scratch.names(in: "out").count == 2)
  }

  /// A generator's metadata as the run wrote it, and other text of the same length.
  @Test(arguments: ["a", "4", " ", "\u{1}"]) func `a generator of another resolution is refused`(text: String) throws {
    let scratch = try trained()
    let path = scratch("runs/tiny/v001/generator.safetensors")
    var bytes = try Data(contentsOf: URL(filePath: path))
    let place = try #require(bytes.firstRange(of: Data("\"resolution\":\"8\"".utf8)))
    bytes[place.upperBound - 2] = text.utf8.first!
    try bytes.write(to: URL(filePath: path))
    let refused = try Program.run("generate", "tiny", "--out", "out", in: scratch)
    #expect(refused.exitCode == 65 && refused.errors.contains("runs/tiny/v001/generator.safetensors'"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch("out")))
  }

  @Test(arguments: [Float.nan, .infinity]) func `a generator with a weight that is no number is refused`(value: Float) throws {
    let scratch = try trained()
    let path = scratch("runs/tiny/v001/generator.safetensors")
    var bytes = try Data(contentsOf: URL(filePath: path))
    withUnsafeBytes(of: value) { bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: $0) }
    try bytes.write(to: URL(filePath: path))
    for command in [["generate", "tiny", "--out", "out"], ["evaluate", "tiny"]] {
      let refused = try Program.run(command, in: scratch)
      #expect(refused.exitCode == 65 && refused.errors.contains("has a value that is no number"), "\(refused.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch("out")))
  }

  @Test func `another seed or iteration replaces nothing, and each file tells how it was drawn`() throws {
    let scratch = try trained()
    var drawn: [String: Data] = [:]
    let common = ["generate", "tiny", "--count", "2", "--grid", "1x2", "--interpolate", "2"]
    for arguments in [[], ["--seed", "5"], ["--checkpoint", "10"], ["--checkpoint", "10", "--seed", "5"]] {
      #expect(try Program.run(common + arguments, in: scratch).exitCode == 0)
      let now = try scratch.everything(in: "runs/tiny/v001/generated")
      #expect(now.count == drawn.count + 4 && now.merging(drawn) { $1 } == now, "\(arguments)")
      drawn = now
    }
    func texts(_ name: String) throws -> [String: String] {
      let texts = PNGText.texts(in: Array(try #require(drawn[name])))
      return Dictionary(uniqueKeysWithValues: texts.map { ($0.keyword, $0.text) })
    }
    var expected = [
      "Software": "Fadein 0.1.0", "fadein:command": "generate", "fadein:run": "tiny/v001", "fadein:iteration": "10",
      "fadein:seed": "5",
    ]
    #expect(try texts("iteration10-seed5-grid.png") == expected.merging(["fadein:numbers": "0-1"]) { $1 })
    #expect(try texts("iteration10-seed5-interpolation.png") == expected.merging(["fadein:frames": "2"]) { $1 })
    (expected["fadein:iteration"], expected["fadein:seed"], expected["fadein:number"]) = ("12", "0", "1")
    #expect(try texts("seed0-0001.png") == expected)
    #expect(PNGText.texts(in: Array(try bytes(scratch, "runs/tiny/v001/samples/000012.png"))) == [])
  }

  @Test func `nothing is drawn through a link that a run's folder holds`() throws {
    let scratch = try trained()
    try FileManager.default.createDirectory(atPath: scratch("pictures"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: scratch("runs/tiny/v001/generated"), withDestinationPath: scratch("pictures"))
    let outcome = try Program.run("generate", "tiny", "--count", "1", "--force", in: scratch)
    #expect(outcome.exitCode == 73 && outcome.errors.contains("'runs/tiny/v001/generated' is a symbolic link"), "\(outcome.errors)")
    #expect(try scratch.names(in: "pictures") == [])
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
